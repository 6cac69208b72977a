namespace Http2.Shell.Tests;

/// <summary>A stream that has nothing yet.</summary>
internal sealed class WaitingStream(TaskCompletionSource cancelled) : AsyncStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.Register(cancelled.SetResult);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
