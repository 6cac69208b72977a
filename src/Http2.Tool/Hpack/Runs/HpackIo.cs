namespace Http2.Tool;

/// <summary>Where the commands under <c>http2 hpack</c> read and write: the process's own streams, or a test's.</summary>
internal sealed record HpackIo
{
    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Faults and summaries.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal; progress shows there.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The clock that progress goes by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
