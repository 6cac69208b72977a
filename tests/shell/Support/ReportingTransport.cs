namespace Http2.Shell.Tests;

/// <summary>Pipes whose peer acknowledges, and is within reach, as a test says.</summary>
internal sealed class ReportingTransport(PipeEnds pipe, TimeProvider time) : ITransport
{
    private readonly PipeTransport _pipe = new(pipe, time);
    private Action? _lost;
    private volatile bool _isReceiving, _isSending;

    /// <summary>Octets that are on their way.</summary>
    public volatile int Unacknowledged;

    public volatile int Readable;

    public volatile bool IsUnreachable;

    public volatile bool IsClosed;

    /// <summary>Whether a write waits and nothing is read meanwhile.</summary>
    public bool IsStuck => _isSending && !_isReceiving;

    public long Taken => _pipe.Taken;

    public static async Task<(ReportingTransport Transport, RawClient Client, Task Served)> ServeAsync(
        Http2ServerOptions options, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler,
        Http2.Pure.ConnectionOptions? client = null, int pause = 65_536)
    {
        var (ours, theirs) = PipeEnds.Create(pause);
        var transport = new ReportingTransport(theirs, options.TimeProvider);
        var host = new ServerHost(options, static () => new Http2Request()) { AbortedHandler = handler };
        var served = new ConnectionStarter(host).ServeAsync(transport, null, null);
        return (transport, await RawClient.OverAsync(ours.AsStream(), client), served);
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        _isReceiving = true;
        try
        {
            return await _pipe.ReceiveAsync(buffer);
        }
        finally
        {
            _isReceiving = false;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        _isSending = true;
        try
        {
            await _pipe.SendAsync(octets);
        }
        finally
        {
            _isSending = false;
        }
    }

    public TransportReport Report() =>
        new(Taken, Unacknowledged, Readable: Readable) { IsUnreachable = IsUnreachable };

    public void WhenLost(Action lost) => Volatile.Write(ref _lost, lost);

    /// <summary>The peer turns out to be gone.</summary>
    public void Lose() => Volatile.Read(ref _lost)?.Invoke();

    public ValueTask FinishSendingAsync() => _pipe.FinishSendingAsync();

    public void Close()
    {
        IsClosed = true;
        _pipe.Close();
    }
}
