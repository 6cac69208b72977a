using Http2.Shell;

namespace Http2.Tool;

/// <summary>Addresses that are about time.</summary>
internal static class TimeEndpoints
{
    private const int MaxSlow = 600_000;

    private const int MaxBlock = 60_000;

    /// <summary><c>/slow</c> and <c>/slow/MS</c>: answers after a time during which no thread waits.</summary>
    public static async ValueTask<Http2Response> SlowAsync(Http2Request request, string? text, CancellationToken cancellation)
    {
        if (Endpoint.ParseNumber(request, text ?? "5000", "MS", 0, MaxSlow, out var delay) is { } refusal)
            return refusal;
        await Task.Delay((int)delay, cancellation);
        return Answers.Text($"answered after {delay} ms, holding no thread\n");
    }

    /// <summary><c>/block/MS</c>: blocks its thread, as a handler that calls a blocking API does.</summary>
    public static Http2Response Block(Http2Request request, string text)
    {
        if (Endpoint.ParseNumber(request, text, "MS", 0, MaxBlock, out var delay) is { } refusal)
            return refusal;
        Thread.Sleep((int)delay);
        return Answers.Text($"answered after blocking a thread for {delay} ms\n");
    }
}
