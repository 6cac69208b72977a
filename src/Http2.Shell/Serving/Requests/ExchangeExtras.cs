using Http2.Pure;

namespace Http2.Shell;

/// <summary>What only exchanges need whose bodies are on their way, or that were pushed, or that wait for their handlers.</summary>
internal sealed class ExchangeExtras : StreamExtras
{
    /// <summary>What the body of the request owes, when the handler has said so. Any thread.</summary>
    public PaceChoice? BodyPace;

    public BodyLimit? BodyLimit;

    /// <summary>The body of the request, for the delegate face. Opened by any thread.</summary>
    public IncomingBody? Body;

    /// <summary>What waits for a callback that was left behind. Owner only.</summary>
    public Absence? Absence;

    /// <summary>Why the stream was closed before the request had ended.</summary>
    public ErrorCode ClosedWith;

    public PromisedHead? Promise { get; set; }

    public ContinueGate? Gate { get; set; }
}

/// <summary>What a promised request has and no event tells.</summary>
internal sealed record PromisedHead(StreamId Id, string Method, string Scheme);
