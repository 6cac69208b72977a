namespace Http2.Conformance;

/// <summary>
/// Paths at which a server offers what some cases need. Null where it does not. <see cref="Demo"/> fits <c>http2 serve</c> without a
/// directory.
/// </summary>
public sealed record TargetResources
{
    /// <summary>Answers with at least 1 MiB.</summary>
    public string? Large { get; init; }

    /// <summary>Takes a POST and answers with the same octets.</summary>
    public string? Echo { get; init; }

    /// <summary>Takes a POST, reads all of it, and answers.</summary>
    public string? Upload { get; init; }

    /// <summary>Answers after some seconds.</summary>
    public string? Slow { get; init; }

    /// <summary>Pushes a resource before it answers.</summary>
    public string? Push { get; init; }

    /// <summary>Answers with trailers behind the body.</summary>
    public string? Trailers { get; init; }

    /// <summary>Sends a 103 before the final response.</summary>
    public string? Informational { get; init; }

    /// <summary>Answers 204.</summary>
    public string? NoContent { get; init; }

    /// <summary>Answers 304.</summary>
    public string? NotModified { get; init; }

    /// <summary>Answers with the request's header fields in its body.</summary>
    public string? Headers { get; init; }

    /// <summary>
    /// Answers with a JSON object of numbers: what the server holds, such as streams, handlers, buffers and timers. After an attack they
    /// are what they were before.
    /// </summary>
    public string? Load { get; init; }

    /// <summary>What <c>http2 serve</c> offers.</summary>
    public static TargetResources Demo { get; } = new()
    {
        Large = "/big",
        Echo = "/echo",
        Upload = "/upload",
        Slow = "/slow",
        Push = "/push",
        Trailers = "/trailers",
        Informational = "/early-hints",
        NoContent = "/status/204",
        NotModified = "/status/304",
        Headers = "/headers",
        Load = "/load",
    };
}
