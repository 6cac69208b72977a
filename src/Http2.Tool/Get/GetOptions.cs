namespace Http2.Tool;

/// <summary>What <c>http2 get</c> was asked to do, checked as far as the command line alone can tell.</summary>
internal sealed record GetOptions
{
    /// <summary>The addresses, at least one.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>The method, or null for GET, and POST with data.</summary>
    public string? Method { get; init; }

    /// <summary>Header fields, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The file of the request's body, <c>-</c> for standard input, or null for none.</summary>
    public string? DataPath { get; init; }

    /// <summary>How often each address is asked for.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Whether bodies are thrown away.</summary>
    public bool DiscardsBodies { get; init; }

    /// <summary>Whether bodies go to files named like the last part of the address.</summary>
    public bool SavesBodies { get; init; }

    /// <summary>Whether every frame is shown.</summary>
    public bool ShowsFrames { get; init; }

    /// <summary>Whether what is shown are lines of JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether any certificate is taken.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>How many PINGs are sent, one after the other.</summary>
    public int Pings { get; init; }

    /// <summary>The directory that recordings go to, or null.</summary>
    public string? RecordTo { get; init; }

    /// <summary>The status that every response must have, or null.</summary>
    public int? ExpectedStatus { get; init; }

    /// <summary>The Unix domain socket to connect to, or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>How long connecting, and the head of each response, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
