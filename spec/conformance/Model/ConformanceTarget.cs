using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>The server that is judged. Immutable, thread-safe.</summary>
public sealed record ConformanceTarget
{
    /// <summary>The host's name or address. Default <c>127.0.0.1</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The TCP port, 1 to 65,535; unused when <see cref="UnixSocketPath"/> is set.</summary>
    public int Port { get; init; }

    /// <summary>The path of a Unix-domain socket to connect to instead, or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>Whether to speak TLS with ALPN <c>h2</c>; otherwise cleartext with prior knowledge (RFC 9113 §3.3).</summary>
    public bool Tls { get; init; }

    /// <summary>Whether the server's certificate is taken unseen.</summary>
    public bool Insecure { get; init; }

    /// <summary>The name sent as server name indication and checked against the certificate; null for <see cref="Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>The TLS cipher suites to offer, by their IANA names; empty for the platform's own.</summary>
    public ImmutableArray<string> Ciphers { get; init; } = [];

    /// <summary>The path that requests ask for. Default <c>/</c>. Its response should have a body of at least five octets.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Where the server has what some cases need; they are skipped when it has not.</summary>
    public TargetResources Resources { get; init; } = new();

    /// <summary>The server's process on this machine, for the memory and CPU bars of the abuse cases, or null.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Starts another instance of the server, for cases that stop theirs; null when that cannot be done.</summary>
    public Func<CancellationToken, Task<ITargetInstance>>? Spawn { get; init; }

    /// <summary>The scheme of requests.</summary>
    public string Scheme => Tls ? "https" : "http";

    /// <summary>The authority of requests: host and port, without the port when it is the scheme's own.</summary>
    public string Authority => UnixSocketPath is not null || Port == (Tls ? 443 : 80) ? BracketedHost : $"{BracketedHost}:{Port}";

    private string BracketedHost => Host.Contains(':') ? $"[{Host}]" : Host;

    /// <inheritdoc/>
    public override string ToString() => UnixSocketPath is not null ? $"unix:{UnixSocketPath}" : $"{Scheme}://{BracketedHost}:{Port}{Path}";
}

/// <summary>A server that was started for one case.</summary>
public interface ITargetInstance : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    ConformanceTarget Target { get; }

    /// <summary>Asks it to stop in order, as SIGTERM does; completes when it has stopped.</summary>
    Task StopAsync();
}

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
    /// Answers with a JSON object of numbers: what the server holds, such as streams, handlers, buffers and timers. After an attack they are
    /// what they were before.
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
