namespace Http2.Tool;

/// <summary>What <c>http2 serve</c> was asked to do, checked as far as the command line alone can tell.</summary>
internal sealed record ServeOptions
{
    /// <summary>The directory to serve, or null for the demo.</summary>
    public string? Directory { get; init; }

    /// <summary>The address or name to listen on; <c>*</c> is all interfaces.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>The cleartext port, 0 for a free one, or null for none.</summary>
    public int? Port { get; init; } = 8080;

    /// <summary>The TLS port, 0 for a free one, or null for none.</summary>
    public int? TlsPort { get; init; } = 8443;

    /// <summary>The PEM file with the certificate, or null for a self-signed one.</summary>
    public string? CertPath { get; init; }

    /// <summary>The PEM file with the key; null exactly when <see cref="CertPath"/> is.</summary>
    public string? KeyPath { get; init; }

    /// <summary>What is pushed with what.</summary>
    public PushRules Push { get; init; } = PushRules.None;

    /// <summary>Whether a gateway in front is trusted to name the scheme and the host of requests.</summary>
    public bool TrustGateway { get; init; }

    /// <summary>0 silent, 1 a line for each request, 2 every frame as well.</summary>
    public int Verbosity { get; init; }

    /// <summary>The directory that recordings of all connections go to, or null.</summary>
    public string? RecordTo { get; init; }

    /// <summary>The most octets that the body of a request may have, or null for no limit.</summary>
    public long? MaxBody { get; init; }
}
