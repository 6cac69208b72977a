namespace Http2.Pure;

/// <summary>
/// What an end announces in its first SETTINGS and how it bounds its peer. Immutable, thread-safe; the defaults are safe for a public server.
/// </summary>
public sealed record ConnectionOptions : Http2Limits
{
    /// <summary>The defaults.</summary>
    public static ConnectionOptions Default { get; } = new();

    /// <summary>Whether extended CONNECT is announced and taken (RFC 8441). Default false.</summary>
    public bool EnableConnectProtocol { get; init; }

    /// <summary>Whether a client takes pushes (SETTINGS_ENABLE_PUSH). Ignored by servers. Default true.</summary>
    public bool EnablePush { get; init; } = true;

    /// <summary>
    /// How many octets of content the request had with which the connection was upgraded from HTTP/1.1 (RFC 7540 §3.2), 0 to 2^30. The client has sent
    /// them before there were windows, so they count against none. Ignored by clients. Default 0.
    /// </summary>
    public int UpgradedContent { get; init; }
}
