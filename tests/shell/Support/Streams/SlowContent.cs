using System.Net;

namespace Http2.Shell.Tests;

/// <summary>A request body of which the second part waits until it is told to go on.</summary>
/// <param name="length">How many octets, more than 1,000.</param>
internal sealed class SlowContent(int length) : HttpContent
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task FirstPartIsOut => _first.Task;

    public void GoOn() => _goOn.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(new byte[1000]);
        await stream.FlushAsync();
        _first.TrySetResult();
        await _goOn.Task;
        await stream.WriteAsync(new byte[length - 1000]);
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = 0;
        return false;
    }
}
