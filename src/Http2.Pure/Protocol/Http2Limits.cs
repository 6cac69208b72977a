namespace Http2.Pure;

/// <summary>
/// How one end bounds what its peer can make it spend (RFC 9113 §10.5): streams, windows, field sections, frames without use, time.
/// Immutable, thread-safe; the defaults are safe for a public server, and docs/limits.md says what each is for. <see cref="FindFault"/> judges
/// them. Times are more than zero and at most a day, unless they say otherwise; they are counted in whole milliseconds, and a part of one counts
/// as a whole one.
/// </summary>
public abstract record Http2Limits
{
    private protected Http2Limits()
    {
    }

    /// <summary>
    /// How many streams the peer may have open, 0 to 2^31-1 (RFC 9113 §5.1.2). As many again may be closed while handlers still work for them;
    /// when there are more, a server lets new requests wait. Default 100.
    /// </summary>
    public int MaxConcurrentStreams { get; init; } = 100;

    /// <summary>The receive window of a stream, in octets, 0 to 2^31-1. Default 256 KiB.</summary>
    public int InitialStreamWindow { get; init; } = 256 * 1024;

    /// <summary>
    /// The receive window of the connection, in octets, 65,535 to 2^31-1: how much may be on its way at a time. Default 1 MiB.
    /// </summary>
    public int InitialConnectionWindow { get; init; } = 1024 * 1024;

    /// <summary>
    /// Octets of bodies that may be unread on a connection, those on their way included, before its window is held back and every body
    /// waits until some of them are read. 0 sets no bound but the windows of the streams: a body that is read then never waits for others that
    /// are not. A bound below <see cref="InitialConnectionWindow"/> counts as that. Default 0.
    /// </summary>
    public int MaxUnreadPerConnection { get; init; }

    /// <summary>The largest frame payload taken, 16,384 to 16,777,215. Default 16,384.</summary>
    public int MaxFrameSize { get; init; } = WireConstants.SmallestMaxFrameSize;

    /// <summary>
    /// The HPACK table of the decoder of this end, in octets. Default 4096. With less, a client has to confirm the smaller table
    /// with a size update. The connection of one that does not is ended with COMPRESSION_ERROR, as RFC 9113 §4.3.1 demands: .NET's HttpClient never says so.
    /// </summary>
    public int DecoderTableSize { get; init; } = WireConstants.InitialHeaderTableSize;

    /// <summary>The most that the encoder of this end uses of the HPACK table of the peer, in octets. Default 4096.</summary>
    public int EncoderTableSize { get; init; } = 4096;

    /// <summary>The largest field section that is answered normally, in octets as RFC 9113 §6.5.2 counts them; a larger request gets 431. Default 32 KiB.</summary>
    public int MaxHeaderListSize { get; init; } = 32 * 1024;

    /// <summary>The size of a field section beyond which the connection ends, in octets. Default 64 KiB.</summary>
    public int MaxHeaderListSizeHard { get; init; } = 64 * 1024;

    /// <summary>How many fields, cookie crumbs apart, a section may have to be answered normally; a request with more gets 431. Default 100.</summary>
    public int MaxHeaderFields { get; init; } = 100;

    /// <summary>How many cookie crumbs a section may have to be answered normally; a request with more gets 431. Default 256.</summary>
    public int MaxCookieCrumbs { get; init; } = 256;

    /// <summary>The number of fields in a section beyond which the connection ends. Default 1000.</summary>
    public int MaxHeaderFieldsHard { get; init; } = 1000;

    /// <summary>How many CONTINUATION frames are taken for one field block. Default 8.</summary>
    public int MaxContinuations { get; init; } = 8;

    /// <summary>How many empty CONTINUATION frames are taken for one field block. Default 1.</summary>
    public int MaxEmptyContinuations { get; init; } = 1;

    /// <summary>How many entries are taken in one SETTINGS frame. Default 32.</summary>
    public int MaxSettingsEntries { get; init; } = 32;

    /// <summary>
    /// How many requests a client may reset as soon as it sent them (CVE-2023-44487). A request that lived for some milliseconds before it
    /// was reset counts for less, one that lived for 30 ms for nothing, and each request that was served to its end allows a quarter of a reset more.
    /// Default 200 at once and 33 a second.
    /// </summary>
    public RateLimit PeerResetLimit { get; init; } = new(200, 33);

    /// <summary>How many stream errors a client may cause (CVE-2025-8671). Default 100 at once and 5 a second.</summary>
    public RateLimit CausedResetLimit { get; init; } = new(100, 5);

    /// <summary>
    /// How many frames of no use a peer may send: empty DATA, PRIORITY, unknown types, surplus PING, SETTINGS and WINDOW_UPDATE, refused
    /// streams (CVE-2019-9512, 9515, 9518). Default 1000 at once and 100 a second.
    /// </summary>
    public RateLimit GlitchLimit { get; init; } = new(1000, 100);

    /// <summary>How many PING and SETTINGS frames a peer may send before they count as frames of no use (<see cref="GlitchLimit"/>). Default 10 at once and 10 a second.</summary>
    public RateLimit ControlFrameLimit { get; init; } = new(10, 10);

    /// <summary>How many pushes may be promised on one connection, in all. Default 1000.</summary>
    public int MaxPushes { get; init; } = 1000;

    /// <summary>How long the preface and the first SETTINGS of the peer may take together. Default 10 s.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the peer may take to acknowledge SETTINGS (RFC 9113 §6.5.3); twice as long while streams are open. Default 15 s.
    /// </summary>
    public TimeSpan SettingsTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a header block may stay open. Default 30 s.</summary>
    public TimeSpan HeaderBlockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long any frame may take from its first octet to its last. Each octet of it that came adds to that the time that an octet takes at the
    /// rate of <see cref="RequestBodyPace"/>, or at 240 octets a second when that rate is 0. Default 30 s.
    /// </summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How fast the body of a request must come while its handler waits for it and has not answered. Only the time in which the handler waits
    /// counts. A handler may give its request a pace of its own. Default 240 octets a second, judged each 30 s.
    /// </summary>
    public PaceLimit RequestBodyPace { get; init; } = new(240, TimeSpan.FromSeconds(30));

    /// <summary>How fast the peer must take the body of a response that is ready. Default 240 octets a second, judged each 30 s.</summary>
    public PaceLimit ResponseBodyPace { get; init; } = new(240, TimeSpan.FromSeconds(30));

    /// <summary>How long a connection without streams may stay silent before it is ended gracefully. Default 120 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long nothing may come before a PING asks whether the peer is still there; <see cref="TimeSpan.Zero"/>, the default, asks never.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; }

    /// <summary>How long the peer may take to show a sign of life after that PING. Default 30 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a graceful end waits for its PING before the final GOAWAY; zero does not wait. Default 1 s.</summary>
    public TimeSpan ShutdownPingTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a graceful end that the application asked for may take in all. An end that a connection begins by itself, because it
    /// was idle or runs out of identifiers, waits for its streams. Default 30 s.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A stream with this identifier or a higher one ends the connection gracefully, before identifiers run out (RFC 9113 §5.1.1); 1 to 2^31-1.
    /// Default 2^30.
    /// </summary>
    public int LastStreamBeforeShutdown { get; init; } = 1 << 30;

    /// <summary>Judges whether every option is in its range, ranges that depend on another option included.</summary>
    /// <returns>One line that names the first option that is out of its range; null when all are in theirs.</returns>
    public string? FindFault() => LimitRules.FindFault(this);
}
