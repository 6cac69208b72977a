using System.Net;
using System.Net.Security;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>What <c>http2 get</c> was asked to do, checked as far as the command line alone can tell. Immutable.</summary>
internal sealed record GetOptions
{
    /// <summary>The addresses, at least one.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>The method, or null for GET, and POST with data.</summary>
    public string? Method { get; init; }

    /// <summary>Header fields, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Trailer fields, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Trailers { get; init; } = [];

    /// <summary>The value of <c>:authority</c>, or null for that of the address.</summary>
    public string? Authority { get; init; }

    /// <summary>The value of <c>:scheme</c>, or null for that of the address.</summary>
    public string? Scheme { get; init; }

    /// <summary>The file of the request's body, <c>-</c> for standard input, or null for none.</summary>
    public string? DataPath { get; init; }

    /// <summary>Whether <c>content-length</c> is left out although the length is known.</summary>
    public bool HidesLength { get; init; }

    /// <summary>The priority of the responses, or null to say nothing of it.</summary>
    public Http2Priority? Priority { get; init; }

    /// <summary>How often each address is asked for.</summary>
    public int Times { get; init; } = 1;

    /// <summary>What becomes of bodies.</summary>
    public BodyUse Bodies { get; init; }

    /// <summary>Whether every frame is shown.</summary>
    public bool ShowsFrames { get; init; }

    /// <summary>Whether every octet that comes is shown.</summary>
    public bool ShowsOctets { get; init; }

    /// <summary>Whether colours are used although standard output is no terminal.</summary>
    public bool ForcesColour { get; init; }

    /// <summary>Whether times and sizes are shown at the end.</summary>
    public bool ShowsStatistics { get; init; }

    /// <summary>Whether what is shown are lines of JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>How many PINGs are sent, one after the other.</summary>
    public int Pings { get; init; }

    /// <summary>The file that gets the exchanges as HAR, <c>-</c> for standard output, or null.</summary>
    public string? HarPath { get; init; }

    /// <summary>The directory that recordings go to, or null.</summary>
    public string? RecordTo { get; init; }

    /// <summary>The status that every response must have, or null.</summary>
    public int? ExpectedStatus { get; init; }

    /// <summary>Whether a WebSocket is opened instead of a request being sent (RFC 8441).</summary>
    public bool IsWebSocket { get; init; }

    /// <summary>The host and port that a tunnel is opened to instead of a request being sent, or null.</summary>
    public string? TunnelTo { get; init; }

    /// <summary>The Unix domain socket to connect to, or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>What is connected to instead of the host and port of the address, or null.</summary>
    public DnsEndPoint? ConnectTo { get; init; }

    /// <summary>Whether any certificate is taken.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>The client's certificate, or null.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    /// <summary>What the client announces.</summary>
    public required ConnectionOptions Connection { get; init; }

    /// <summary>How long connecting, and the head of each response, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The header fields as they are sent.</summary>
    /// <exception cref="UserErrorException">One of them may not be sent.</exception>
    public Http2Headers HeaderFields() => Fields("--header", Headers);

    /// <summary>The trailer fields as they are sent, or null when there are none.</summary>
    /// <exception cref="UserErrorException">One of them may not be sent.</exception>
    public Http2Headers? TrailerFields() => Trailers.Count > 0 ? Fields("--trailer", Trailers) : null;

    private static Http2Headers Fields(string option, IEnumerable<(string Name, string Value)> fields)
    {
        try
        {
            return Http2Headers.Of(fields);
        }
        catch (ArgumentException failure)
        {
            throw UserErrorException.Usage($"option {option}: {failure.Message.TrimEnd('.')}");
        }
    }
}

/// <summary>What becomes of the bodies of responses.</summary>
internal enum BodyUse
{
    /// <summary>They are written to standard output.</summary>
    Written,

    /// <summary>They are thrown away.</summary>
    Discarded,

    /// <summary>Each goes to a file that is named like the last part of its address.</summary>
    Saved,
}
