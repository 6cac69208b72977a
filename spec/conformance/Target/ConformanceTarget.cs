using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>The server that is judged. Immutable, thread-safe.</summary>
public sealed record ConformanceTarget : IConformanceSubject
{
    /// <summary>The host's name or address. Default <c>127.0.0.1</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The TCP port, 1 to 65,535; unused when <see cref="UnixSocketPath"/> is set.</summary>
    public int Port { get; init; }

    /// <summary>The path of a Unix-domain socket to connect to instead, or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>Whether to speak TLS with ALPN <c>h2</c>; otherwise cleartext with prior knowledge (RFC 9113 §3.3).</summary>
    public bool Tls { get; init; }

    /// <summary>Whether any certificate of the server is accepted.</summary>
    public bool Insecure { get; init; }

    /// <summary>The name sent as server name indication and checked against the certificate; null for <see cref="Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>The TLS cipher suites to offer, by their IANA names; empty for the platform's own.</summary>
    public ImmutableArray<string> Ciphers { get; init; } = [];

    /// <summary>The path that requests ask for. Default <c>/</c>. Its response should have a body of at least five octets.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The paths at which the server offers what some cases need; a case whose resource is absent is skipped.</summary>
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
