namespace Http2.Shell.Tests;

/// <summary>What a transport does wrong from a step on.</summary>
public enum TransportFault
{
    /// <summary>The step throws.</summary>
    Fails,

    /// <summary>The step and those after it do not complete until the transport is closed.</summary>
    Stalls,

    /// <summary>Each step brings one octet, or completes after one octet went out and then another.</summary>
    Trickles,

    /// <summary>The step completes long after its octets have moved, so that the other direction overtakes it.</summary>
    CompletesLate,
}

/// <summary>A duplex stream that goes wrong at its k-th read or write.</summary>
internal sealed class FaultyStream(Stream inner, TransportFault fault, int step, bool reading) : AsyncStream
{
    private const int Late = 200;
    // a read that waits ends when the transport is closed, as a socket's does; a pipe's would not
    private readonly CancellationTokenSource _closed = new();
    private int _reads, _writes;

    public bool IsDisposed { get; private set; }

    /// <summary>How many reads and writes were begun.</summary>
    public (int Reads, int Writes) Steps => (_reads, _writes);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wrong = ++_reads >= step && reading;
        if (wrong)
            await BeforeAsync();
        var most = wrong && fault == TransportFault.Trickles ? Math.Min(1, buffer.Length) : buffer.Length;
        var count = await inner.ReadAsync(buffer[..most], _closed.Token);
        if (wrong)
            await AfterAsync(_reads);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wrong = ++_writes >= step && !reading;
        if (wrong)
            await BeforeAsync();
        if (wrong && fault == TransportFault.Trickles)
        {
            for (; buffer.Length > 1; buffer = buffer[1..])
                await inner.WriteAsync(buffer[..1], _closed.Token);
        }
        await inner.WriteAsync(buffer, _closed.Token);
        if (wrong)
            await AfterAsync(_writes);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        _closed.Cancel();
        inner.Dispose();
    }

    private async Task BeforeAsync()
    {
        if (fault == TransportFault.Fails)
            throw new IOException("the transport failed");
        if (fault == TransportFault.Stalls)
            await Task.Delay(Timeout.Infinite, _closed.Token);
    }

    private async Task AfterAsync(int count)
    {
        for (var i = 0; fault == TransportFault.CompletesLate && count == step && i < Late; i++)
            await Task.Yield();
    }
}
