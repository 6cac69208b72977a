using System.Diagnostics;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>One request with its response, as it went.</summary>
/// <param name="Url">What was asked for.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Began">When the request was sent, as ticks of <see cref="Stopwatch"/>.</param>
internal sealed record Visit(Uri Url, Http2ClientStream Stream, long Began)
{
    /// <summary>When its connection was made.</summary>
    public required long Connected { get; init; }

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset At { get; } = DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(Began);

    /// <summary>When the head of the response had come.</summary>
    public long Headed { get; set; }

    /// <summary>When all of the response had come.</summary>
    public long Ended { get; set; }

    /// <summary>The head of the response.</summary>
    public Http2ResponseHead? Head { get; set; }

    /// <summary>How many octets the body of the response has.</summary>
    public long Octets { get; set; }

    /// <summary>The first octets of the body, when somebody wants them.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>How many octets the body of the request has, or -1.</summary>
    public long SentOctets { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took => Stopwatch.GetElapsedTime(Began, Ended);
}
