using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The state of one HTTP/2 connection, of either end: immutable, equal by content, thread-safe. A connection is a fold of inputs over it;
/// nothing that matters is kept elsewhere.
/// </summary>
public readonly record struct ConnectionState
{
    internal readonly Core Core;

    internal ConnectionState(in Core core) => Core = core;

    /// <summary>Which end this is.</summary>
    public Role Role => Core.Role;

    /// <summary>The options the connection was opened with.</summary>
    public ConnectionOptions Options => Core.Options;
}

/// <summary>How far a connection has come.</summary>
internal enum Phase : byte
{
    /// <summary>The preface of the client has not come yet (server).</summary>
    AwaitingPreface,

    /// <summary>The first SETTINGS of the peer has not come yet.</summary>
    AwaitingSettings,

    /// <summary>Frames of all kinds are taken.</summary>
    Running,

    /// <summary>The connection is over; nothing more is taken.</summary>
    Finished,
}

/// <summary>A field block that is not complete yet. Immutable.</summary>
/// <param name="Block">What came of it.</param>
/// <param name="Since">When it began, in milliseconds of the clock that is passed in.</param>
internal sealed record OpenBlock(HeaderBlock Block, long Since);

/// <summary>
/// The inside of a <see cref="ConnectionState"/>: the parts of a connection, each with transitions of its own. A transition works on a copy of
/// it and makes the next state from the result, so no observer sees it change. What changes with every frame stands here as a struct, which
/// is changed in place; what changes seldom stands in immutable objects.
/// </summary>
internal record struct Core
{
    public ConnectionOptions Options;

    /// <summary>The settings of this end, and those that are not acknowledged yet.</summary>
    public SettingsLedger Ours;

    /// <summary>The settings of the peer.</summary>
    public SettingsInForce Peer;

    public Closing Closing;

    /// <summary>The field block that is not complete yet, or null.</summary>
    public OpenBlock? Block;

    /// <summary>The date of responses that this end makes by itself, or null.</summary>
    public HeaderField? Date;

    public DecoderState Decoder;
    public EncoderState Encoder;
    public Allowances Allowances;
    public Liveness Liveness;
    public Flow Flow;
    public StreamBook Streams;
    public Phase Phase;

    /// <summary>Which end this is.</summary>
    public readonly Role Role => Streams.Role;
}
