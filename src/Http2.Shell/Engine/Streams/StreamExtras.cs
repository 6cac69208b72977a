using Http2.Pure;

namespace Http2.Shell;

/// <summary>What only streams need whose bodies are on their way, or that somebody waits for; most never make it.</summary>
internal abstract class StreamExtras
{
    /// <summary>Credit that other threads gave back and the owner has not taken.</summary>
    public int Credit;

    public CreditTask? CreditTask;

    /// <summary>The source of <see cref="Http2Stream.Aborted"/>. Made by any thread.</summary>
    public CancellationTokenSource? Stop;

    /// <summary>What <see cref="Http2Stream.Closed"/> waits for. Made by any thread.</summary>
    public TaskCompletionSource<ErrorCode>? Told;

    /// <summary>Why the stream was reset by this end, as long as it is not closed; then why it was closed. Written by the owner.</summary>
    public Http2CloseReason? CloseReason;

    public BodyPump? Pump { get; set; }

    public PacedBody? ReceivingPace { get; set; }

    public PacedBody? SendingPace { get; set; }

    public PacedBody? PastPace { get; set; }

    public long UnreadOctets { get; set; }

    public long LentOctets { get; set; }

    public Http2Headers? Trailers { get; set; }
}
