using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;

namespace Http2.Shell;

/// <summary>
/// A stream socket served by <see cref="EventLoops"/>: what waits for octets, or for room, goes on at once on the loop thread that saw
/// them. A read costs one system call, and none is tried that would find nothing.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopTransport : ITransport, IReadiness
{
    private readonly NativeSocket _socket;
    private readonly EventLoops _loops;
    private ulong _token;
    private readonly Operation<int> _receive = new();
    private readonly Operation<bool> _send = new();
    private ReadyGate _readable;
    private ReadyGate _writable;
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _from;
    private WorkHistory _history;
    private int _closed;
    private volatile bool _peerFinished;
    private long _taken, _received;
    private Action? _whenLost;
    private int _lost;
    private bool _isConnecting;

    /// <param name="socket">The socket.</param>
    /// <param name="loops">Who serves it.</param>
    /// <param name="isConnecting">Whether it is about to be connected; see <see cref="ConnectAsync"/>.</param>
    public LoopTransport(NativeSocket socket, EventLoops loops, bool isConnecting = false)
    {
        _socket = socket;
        _loops = loops;
        _isConnecting = isConnecting;
        if (!isConnecting)
            _writable.Keep();
    }

    public WorkWeight Weight => _history.Weight;

    public void Note(WorkWeight seen) => _history.Note(seen);

    /// <summary>
    /// From now on octets, and room for them, are heard of. Called by the thread that has accepted the connection, once its owner waits for
    /// the first octets: so these come as a report to whichever thread takes it, and never start a handler on the thread that accepts.
    /// </summary>
    /// <exception cref="IOException">The kernel has no room for one more.</exception>
    /// <exception cref="ObjectDisposedException">It was closed meanwhile.</exception>
    public void Begin()
    {
        var isHeld = false;
        try
        {
            // else it might be closed, and the descriptor another's
            _socket.DangerousAddRef(ref isHeld);
            _token = _loops.Register(_socket.Descriptor, this);
        }
        finally
        {
            if (isHeld)
                _socket.DangerousRelease();
        }
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _closed) == 1)
            _loops.Unregister(_token);
    }

    public bool TellsReadiness => true;

    public long Taken => Volatile.Read(ref _taken);

    public TransportReport Report() => SocketReport.Of(_socket, Taken, Volatile.Read(ref _received));

    public void WhenLost(Action lost)
    {
        Volatile.Write(ref _whenLost, lost);
        // a report that came before is seen here, one that comes now by the thread that brings it
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _lost) == 1)
            Interlocked.Exchange(ref _whenLost, null)?.Invoke();
    }

    /// <summary>Completes when a socket that is about to be connected is: to be called before anything is sent or received.</summary>
    public ValueTask ConnectAsync() => SendAsync(ReadOnlyMemory<byte>.Empty);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        _into = buffer;
        _receive.Begin();
        return TryReceive(out var count, out var error)
            ? error is null ? new ValueTask<int>(count) : ValueTask.FromException<int>(error)
            : new ValueTask<int>(_receive, _receive.Version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        _from = octets;
        _send.Begin();
        return TrySend(out var error)
            ? error is null ? default : ValueTask.FromException(error)
            : new ValueTask(_send, _send.Version);
    }

    public ValueTask FinishSendingAsync()
    {
        // The peer has sent FIN and the caller closes at once: closing says the same with one system call less.
        if (!_peerFinished)
            _socket.FinishSending();
        return default;
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        _loops.Unregister(_token);
        _socket.Dispose();
        GoOn(readable: true, writable: true, ended: true);
    }

    public void OnReady(uint events)
    {
        const uint Ends = Epoll.Error | Epoll.HangUp;
        GoOn(
            readable: (events & (Epoll.In | Epoll.ReadHangUp | Ends)) != 0,
            writable: (events & (Epoll.Out | Ends)) != 0,
            ended: (events & (Epoll.ReadHangUp | Ends)) != 0);
        // both directions are over although we ended neither: the peer has reset the connection, or the kernel has given it up
        if ((events & Ends) != 0)
            Lose();
    }

    private void Lose()
    {
        Interlocked.Exchange(ref _lost, 1);
        Interlocked.Exchange(ref _whenLost, null)?.Invoke();
    }

    private void GoOn(bool readable, bool writable, bool ended)
    {
        var sends = writable && _writable.Signal(ended: false);
        var receives = readable && _readable.Signal(ended);
        // When both go on, the owner must not run between them: a handler that blocks would keep the second from it.
        var begun = sends && receives && InlineRuns.Begin();
        if (sends && TrySend(out var sendError))
            _send.Complete(true, sendError);
        if (receives && TryReceive(out var count, out var receiveError))
            _receive.Complete(count, receiveError);
        InlineRuns.End(begun, here: true);
    }

    /// <summary>Receives, or begins to wait.</summary>
    /// <returns>Whether the operation is over.</returns>
    private bool TryReceive(out int count, out Exception? error)
    {
        count = 0;
        error = null;
        while (true)
        {
            if (!_readable.TryTake())
            {
                if (_readable.Wait())
                    return false;
                continue;
            }
            if (_into.IsEmpty)
            {
                _readable.Keep();
                return true;
            }
            try
            {
                count = _socket.Receive(_into.Span);
                if (count < 0)
                {
                    ThrowIfClosed();
                    continue;
                }
                Volatile.Write(ref _received, _received + count);
                if (count == _into.Length)
                    _readable.Keep();
                else if (count == 0)
                    _peerFinished = true;
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                error = failure;
            }
            return true;
        }
    }

    private bool TrySend(out Exception? error)
    {
        error = null;
        while (!_from.IsEmpty || _isConnecting)
        {
            if (!_writable.TryTake())
            {
                if (_writable.Wait())
                    return false;
                continue;
            }
            try
            {
                if (_isConnecting)
                {
                    // The socket is ready to be written to when it is connected, and when that has failed.
                    _socket.ThrowIfNotConnected();
                    _isConnecting = false;
                    _writable.Keep();
                    continue;
                }
                var count = _socket.Send(_from.Span);
                if (count < 0)
                {
                    ThrowIfClosed();
                    continue;
                }
                _from = _from[count..];
                Volatile.Write(ref _taken, _taken + count);
                _writable.Keep();
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                error = failure;
                return true;
            }
        }
        return true;
    }

    // As long as another thread is in a call of the kernel, the descriptor stays open behind Close: an attempt finds nothing to receive or no room
    // then, and no report would end the wait for either.
    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed) == 1, this);

    /// <summary>A result that is awaited by one caller at a time and whose continuation runs where it completes.</summary>
    private sealed class Operation<T> : IValueTaskSource<T>, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<T> _core;

        public short Version => _core.Version;

        public void Begin() => _core.Reset();

        public void Complete(T result, Exception? error)
        {
            if (error is null)
                _core.SetResult(result);
            else
                _core.SetException(error);
        }

        public T GetResult(short token) => _core.GetResult(token);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
