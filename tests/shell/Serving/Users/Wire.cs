using System.Threading.Tasks.Sources;

namespace Http2.Shell.Tests;

/// <summary>
/// A connection between a server and a user, as two kernels would carry it: what the server sends waits in a buffer until the user reads, and
/// when that is full the server's write waits. What either end does reaches the other as an event of the world.
/// </summary>
/// <param name="world">Where it happens.</param>
/// <param name="room">How many octets wait for the user at most.</param>
/// <param name="tellsReadiness">Whether the server's reads may wait without a buffer.</param>
internal sealed class Wire(World world, int room, bool tellsReadiness) : ITransport
{
    private readonly Line _up = new();
    private readonly Line _down = new();
    private readonly Operation _receive = new();
    private readonly Operation _send = new();
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _from;
    private bool _receives, _sends, _hasUserFinished, _isLost, _hasServerFinished;
    private long _taken, _received;
    private Action? _whenLost;

    /// <summary>Happens when there is something for the user to read, or the end.</summary>
    public Action OnOutput { get; set; } = static () => { };

    public bool IsClosed { get; private set; }

    /// <summary>Whether the user can read octets, or the end.</summary>
    public bool HasOutput => _down.Count > 0 || IsOver;

    /// <summary>Whether nothing more comes, and all was read.</summary>
    public bool IsOver => _down.Count == 0 && (IsClosed || _hasServerFinished);

    public bool TellsReadiness => tellsReadiness;

    public long Taken => _taken;

    public TransportReport Report() => new(_taken, _down.Count, _received, _up.Count) { IsLost = _isLost, IsJustSent = true };

    public void WhenLost(Action lost) => _whenLost = lost;

    /// <summary>The user sends octets.</summary>
    public void Send(byte[] octets) => world.After(0, () =>
    {
        _up.Add(octets);
        GoOnReceiving();
    });

    /// <summary>The user sends nothing more.</summary>
    public void Finish() => world.After(0, () =>
    {
        _hasUserFinished = true;
        GoOnReceiving();
    });

    /// <summary>The user's machine says that there is no such connection any more.</summary>
    public void Lose() => world.After(0, () =>
    {
        if (_isLost || IsClosed)
            return;
        _isLost = true;
        _down.Clear();
        Complete(ref _receives, _receive, 0, new IOException("The connection was reset."));
        Complete(ref _sends, _send, 0, new IOException("The connection was reset."));
        Interlocked.Exchange(ref _whenLost, null)?.Invoke();
    });

    /// <summary>The user reads what is there, up to so many octets.</summary>
    public byte[] Read(int most)
    {
        var octets = new byte[Math.Min(most, _down.Count)];
        _down.Take(octets);
        if (octets.Length > 0 && _sends)
            world.After(0, GoOnSending);
        return octets;
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (IsClosed || _isLost)
            return ValueTask.FromException<int>(new IOException("The connection is over."));
        _into = buffer;
        if (_up.Count > 0 || _hasUserFinished)
            return new ValueTask<int>(TakeUp());
        _receive.Begin();
        _receives = true;
        return new ValueTask<int>(_receive, _receive.Version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        if (IsClosed || _isLost)
            return ValueTask.FromException(new IOException("The connection is over."));
        _from = octets;
        if (TryPutDown())
            return default;
        _send.Begin();
        _sends = true;
        return new ValueTask(_send, _send.Version);
    }

    public ValueTask FinishSendingAsync()
    {
        _hasServerFinished = true;
        Tell();
        return default;
    }

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Tell();
        Complete(ref _receives, _receive, 0, new ObjectDisposedException(nameof(Wire)));
        Complete(ref _sends, _send, 0, new ObjectDisposedException(nameof(Wire)));
    }

    private void GoOnReceiving()
    {
        if (_receives)
            Complete(ref _receives, _receive, TakeUp(), null);
    }

    private void GoOnSending()
    {
        if (_sends && TryPutDown())
            Complete(ref _sends, _send, 0, null);
    }

    private int TakeUp()
    {
        var count = Math.Min(_into.Length, _up.Count);
        _up.Take(_into.Span[..count]);
        _received += count;
        return count;
    }

    private bool TryPutDown()
    {
        var count = Math.Min(_from.Length, room - _down.Count);
        _down.Add(_from.Span[..count]);
        _from = _from[count..];
        _taken += count;
        if (count > 0)
            Tell();
        return _from.IsEmpty;
    }

    // The user hears of it behind what happens now.
    private void Tell() => world.After(0, () => OnOutput());

    private static void Complete(ref bool isWaiting, Operation operation, int result, Exception? failure)
    {
        if (!isWaiting)
            return;
        isWaiting = false;
        operation.Complete(result, failure);
    }

    // Octets that wait in a kernel.
    private sealed class Line
    {
        private byte[] _octets = new byte[1024];
        private int _start, _end;

        public int Count => _end - _start;

        public void Add(ReadOnlySpan<byte> octets)
        {
            if (_end + octets.Length > _octets.Length)
            {
                var larger = new byte[Math.Max(2 * Count, Count + octets.Length)];
                _octets.AsSpan(_start, Count).CopyTo(larger);
                (_octets, _start, _end) = (larger, 0, Count);
            }
            octets.CopyTo(_octets.AsSpan(_end));
            _end += octets.Length;
        }

        public void Take(Span<byte> into)
        {
            _octets.AsSpan(_start, into.Length).CopyTo(into);
            _start += into.Length;
        }

        public void Clear() => _start = _end;
    }

    private sealed class Operation : IValueTaskSource<int>, IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public short Version => _core.Version;

        public void Begin() => _core.Reset();

        public void Complete(int result, Exception? failure)
        {
            if (failure is null)
                _core.SetResult(result);
            else
                _core.SetException(failure);
        }

        public int GetResult(short token) => _core.GetResult(token);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
