using System.Threading.Channels;

namespace Http2.Shell;

/// <summary>What only exchanges need whose bodies are on their way, that somebody waits for, or that fail.</summary>
internal sealed class ClientExtras : StreamExtras
{
    /// <summary>Why the exchange fails; the first reason counts.</summary>
    public Exception? Failure;

    /// <summary>
    /// The body of the response: an <see cref="IncomingBody"/>; or an array with all of its octets, which becomes a pipe when somebody reads it.
    /// Opened by any thread.
    /// </summary>
    public object? Body;

    /// <summary>What waits for the head of the response to be there, for HttpClient. Made by any thread.</summary>
    public TaskCompletionSource? Headed;

    /// <summary>What waits for the head of the response. Made by any thread.</summary>
    public TaskCompletionSource<Http2ResponseHead>? Response;

    /// <summary>What waits for the stream to be opened. Made before the request is sent.</summary>
    public TaskCompletionSource? Opened;

    /// <summary>Informational responses that have come. Made by any thread.</summary>
    public Channel<Http2ResponseHead>? Informationals;

    /// <summary>Pushes that were taken. Made by any thread.</summary>
    public Channel<Http2ClientStream>? Pushes;

    /// <summary>What resets the stream when a token is cancelled.</summary>
    public CancellationTokenRegistration Cancellation;

    /// <summary>What waits for a callback that was left behind. Owner only.</summary>
    public Absence? Absence;

    public int Informational { get; set; }

    public bool HoldsBody { get; set; }

    public bool IsQueued { get; set; }
}
