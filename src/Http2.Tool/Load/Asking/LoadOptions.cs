using System.Net;
using System.Net.Security;

namespace Http2.Tool;

/// <summary>What <c>http2 load</c> was asked to do, checked as far as the command line alone can tell. Immutable.</summary>
internal sealed record LoadOptions
{
    /// <summary>The requests, at least one; each client sends them in turn.</summary>
    public required IReadOnlyList<PlannedRequest> Requests { get; init; }

    /// <summary>Where connections lead: scheme, host and port.</summary>
    public required Uri Origin { get; init; }

    /// <summary>How many requests all clients send together, or each with a timing script; of no matter when there is a <see cref="Duration"/>.</summary>
    public long Count { get; init; } = 1;

    /// <summary>How many clients there are, each with one connection at a time.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>How many threads run them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many requests each client has open at most.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>How long it is measured, or null to measure all of <see cref="Count"/>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long requests are sent before it is measured.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>How many requests a second each client sends, whatever becomes of them; null sends the next one when one has ended.</summary>
    public double? Rate { get; init; }

    /// <summary>Whether <see cref="PlannedRequest.At"/> of the requests says when each client sends them.</summary>
    public bool IsScripted { get; init; }

    /// <summary>How many connections are made in each <see cref="ConnectionPeriod"/>; 0 makes all at once.</summary>
    public int ConnectionRate { get; init; }

    /// <summary>See <see cref="ConnectionRate"/>.</summary>
    public TimeSpan ConnectionPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may live, or null.</summary>
    public TimeSpan? ActiveTimeout { get; init; }

    /// <summary>How long nothing may happen on a connection, or null.</summary>
    public TimeSpan? InactivityTimeout { get; init; }

    /// <summary>The window of a stream in octets.</summary>
    public int StreamWindow { get; init; }

    /// <summary>The window of a connection in octets.</summary>
    public int ConnectionWindow { get; init; }

    /// <summary>The largest payload of a frame that is taken.</summary>
    public int MaxFrameSize { get; init; }

    /// <summary>The table of our decoder, in octets.</summary>
    public int DecoderTableSize { get; init; }

    /// <summary>What our encoder uses of the server's table, in octets.</summary>
    public int EncoderTableSize { get; init; }

    /// <summary>What is connected to instead of the host and port of <see cref="Origin"/>, or null.</summary>
    public DnsEndPoint? ConnectTo { get; init; }

    /// <summary>The Unix domain socket that is connected to, or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>The name of the server in the TLS handshake, or null for the host of <see cref="Origin"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>The cipher suites that are offered, or null for the system's.</summary>
    public IReadOnlyList<TlsCipherSuite>? CipherSuites { get; init; }

    /// <summary>Whether any certificate is taken.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Whether requests are calls of gRPC.</summary>
    public bool IsGrpc { get; init; }

    /// <summary>How many percent of the requests are cancelled, 0 to 100.</summary>
    public double CancelledPercent { get; init; }

    /// <summary>How many octets of bodies a second each client reads, or null for as many as come.</summary>
    public int? ReadRate { get; init; }

    /// <summary>The file that gets a line for each request, or null.</summary>
    public string? LogPath { get; init; }

    /// <summary>The folder that gets a recording of each connection on which a request failed, or null.</summary>
    public string? FailuresTo { get; init; }

    /// <summary>The file of an earlier result to compare with, or null.</summary>
    public string? BasePath { get; init; }

    /// <summary>By how many percent a figure may be worse than that of <see cref="BasePath"/>.</summary>
    public double Tolerance { get; init; } = 10;

    /// <summary>Whether the result is written as JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether it is said what becomes of connections.</summary>
    public bool IsVerbose { get; init; }
}
