namespace Http2.Pure;

/// <summary>What an end announces in its first SETTINGS and how it bounds its peer. Immutable; defaults are safe for a public server.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The defaults.</summary>
    public static ConnectionOptions Default { get; } = new();

    /// <summary>How many streams the peer may have open, those whose handler still runs included (RFC 9113 §5.1.2). Default 100.</summary>
    public uint MaxConcurrentStreams { get; init; } = 100;

    /// <summary>The receive window of a stream, in octets, 0 to 2^31-1. Default 256 KiB.</summary>
    public uint InitialStreamWindow { get; init; } = 256 * 1024;

    /// <summary>The receive window of the connection, in octets, 65,535 to 2^31-1. Default 1 MiB.</summary>
    public uint InitialConnectionWindow { get; init; } = 1024 * 1024;

    /// <summary>The largest frame payload taken, 16,384 to 16,777,215. Default 16,384.</summary>
    public int MaxFrameSize { get; init; } = 16384;

    /// <summary>The HPACK table of our decoder, in octets. Default 4096.</summary>
    public int DecoderTableSize { get; init; } = 4096;

    /// <summary>The most our encoder uses of the peer's table, in octets. Default 4096.</summary>
    public int EncoderTableSize { get; init; } = 4096;

    /// <summary>The largest field section answered normally, in octets by RFC 9113 §6.5.2; a larger one gets 431. Default 32 KiB.</summary>
    public int MaxHeaderListSize { get; init; } = 32 * 1024;

    /// <summary>The field section beyond which the connection ends, in octets. Default 64 KiB.</summary>
    public int MaxHeaderListSizeHard { get; init; } = 64 * 1024;

    /// <summary>The fields of a section answered normally, cookie crumbs apart; more get 431. Default 100.</summary>
    public int MaxHeaderFields { get; init; } = 100;

    /// <summary>The cookie crumbs of a section answered normally; more get 431. Default 256.</summary>
    public int MaxCookieCrumbs { get; init; } = 256;

    /// <summary>The fields beyond which the connection ends. Default 1000.</summary>
    public int MaxHeaderFieldsHard { get; init; } = 1000;

    /// <summary>CONTINUATION frames taken for one block. Default 8.</summary>
    public int MaxContinuations { get; init; } = 8;

    /// <summary>Empty CONTINUATION frames taken for one block. Default 1.</summary>
    public int MaxEmptyContinuations { get; init; } = 1;

    /// <summary>Entries taken in one SETTINGS frame. Default 32.</summary>
    public int MaxSettingsEntries { get; init; } = 32;

    /// <summary>Whether extended CONNECT is announced and taken (RFC 8441). Default false.</summary>
    public bool EnableConnectProtocol { get; init; }

    /// <summary>Whether a client takes pushes (SETTINGS_ENABLE_PUSH). Ignored by servers. Default true.</summary>
    public bool EnablePush { get; init; } = true;
}
