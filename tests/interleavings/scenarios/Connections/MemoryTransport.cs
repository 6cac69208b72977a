using System.Threading.Tasks.Sources;
using Http2.Shell;

namespace Http2.Interleavings;

/// <summary>A transport whose other end is the scenario; what waits goes on where the scenario brings it, as on event loops.</summary>
/// <param name="scenario">The scenario.</param>
internal sealed class MemoryTransport(Scenario scenario) : ITransport
{
    private readonly Queue<byte> _incoming = new();
    private readonly Operation _receive = new();
    private readonly Operation _send = new();
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _from;
    private byte[] _fromAtFirst = [];
    private bool _receives, _sends, _hasEnded, _isClosed;

    /// <summary>What was sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>Whether writes wait until <see cref="Take"/>.</summary>
    public bool HoldsWrites { get; set; }

    /// <summary>Happens when octets were sent.</summary>
    public Action OnSent { get; set; } = static () => { };

    public bool IsClosed => _isClosed;

    /// <summary>Whether a write waits.</summary>
    public bool IsSending => _sends;

    public long Taken => Sent.Count;

    /// <summary>The peer sends octets.</summary>
    public void Come(params byte[] octets)
    {
        scenario.Step($"the peer sends {octets.Length} octets");
        foreach (var octet in octets)
            _incoming.Enqueue(octet);
        Receive();
    }

    /// <summary>The peer sends nothing more.</summary>
    public void Finish()
    {
        scenario.Step("the peer finishes");
        _hasEnded = true;
        Receive();
    }

    /// <summary>The peer takes what waits.</summary>
    public void Take()
    {
        scenario.Step("the peer takes what waits");
        HoldsWrites = false;
        if (!_sends)
            return;
        _sends = false;
        scenario.Check(_from.Span.SequenceEqual(_fromAtFirst), "What waits to be sent was changed: its buffer was given back.");
        Sent.AddRange(_from.Span);
        OnSent();
        _send.Complete(0, null);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        scenario.Step("begins to receive");
        scenario.Check(!_receives, "Two receive at once.");
        _into = buffer;
        if (_isClosed)
            return ValueTask.FromException<int>(new ObjectDisposedException(nameof(MemoryTransport)));
        if (_incoming.Count > 0 || _hasEnded)
            return new ValueTask<int>(TakeIncoming());
        _receive.Begin();
        _receives = true;
        return new ValueTask<int>(_receive, _receive.Version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        scenario.Step($"sends {octets.Length} octets");
        scenario.Check(!_sends, "Two send at once.");
        if (_isClosed)
            return ValueTask.FromException(new ObjectDisposedException(nameof(MemoryTransport)));
        if (!HoldsWrites)
        {
            Sent.AddRange(octets.Span);
            OnSent();
            return default;
        }
        (_from, _fromAtFirst) = (octets, octets.ToArray());
        _send.Begin();
        _sends = true;
        return new ValueTask(_send, _send.Version);
    }

    public ValueTask FinishSendingAsync() => default;

    public void Close()
    {
        scenario.Step("closes the transport");
        if (_isClosed)
            return;
        _isClosed = true;
        var (receives, sends) = (_receives, _sends);
        _receives = _sends = false;
        if (receives)
            _receive.Complete(0, new ObjectDisposedException(nameof(MemoryTransport)));
        if (sends)
            _send.Complete(0, new ObjectDisposedException(nameof(MemoryTransport)));
    }

    private void Receive()
    {
        if (!_receives)
            return;
        _receives = false;
        _receive.Complete(TakeIncoming(), null);
    }

    private int TakeIncoming()
    {
        var count = Math.Min(_into.Length, _incoming.Count);
        for (var i = 0; i < count; i++)
            _into.Span[i] = _incoming.Dequeue();
        return count;
    }

    private sealed class Operation : IValueTaskSource<int>, IValueTaskSource
    {
        private Twins.ManualResetValueTaskSourceCore<int> _core;

        public short Version => _core.Version;

        public void Begin() => _core.Reset();

        public void Complete(int result, Exception? error)
        {
            if (error is null)
                _core.SetResult(result);
            else
                _core.SetException(error);
        }

        public int GetResult(short token) => _core.GetResult(token);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
