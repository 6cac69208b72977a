namespace Http2.Tool;

/// <summary>Where the commands under <c>http2 hpack</c> read and write: the process's own streams, or a test's.</summary>
internal sealed record HpackIo
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where faults and summaries go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal; progress shows there.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The clock for the progress line.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
