using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>What a trace is made of: a frame of the peer, or a command of the application. Octet counts, not octets.</summary>
internal abstract record Command
{
    private Command()
    {
    }

    /// <summary>
    /// HEADERS of the peer: a head, or trailers. The block may begin with a size update of the peer's table (-1 is none), and with More it is only the
    /// first half; padding -1 is none.
    /// </summary>
    public sealed record PeerHeaders(
        uint Id, bool End, bool Trailers = false, int Padding = -1, int Update = -1, bool More = false) : Command;

    /// <summary>CONTINUATION of the peer: the rest of the block that is open, or with More nothing of it. Stream 0 stands for that block's.</summary>
    public sealed record PeerContinuation(uint Id, bool More = false) : Command;

    /// <summary>HEADERS of the peer whose padding is longer than they are.</summary>
    public sealed record PeerOverpadded(uint Id) : Command;

    /// <summary>DATA of the peer; padding -1 is none.</summary>
    public sealed record PeerData(uint Id, int Octets, bool End = false, int Padding = -1) : Command;

    public sealed record PeerReset(uint Id) : Command;

    public sealed record PeerWindow(uint Id, uint Increment) : Command;

    /// <summary>SETTINGS of the peer with one entry.</summary>
    public sealed record PeerSetting(SettingId Id, uint Value) : Command;

    /// <summary>The peer's acknowledgement of the oldest SETTINGS of ours that it has not acknowledged yet.</summary>
    public sealed record PeerSettingsAck : Command;

    public sealed record PeerGoAway(uint Last) : Command;

    /// <summary>The peer's answer to the PING that comes with the warning of a graceful end.</summary>
    public sealed record PeerPong : Command;

    public sealed record PeerPromise(uint Parent, uint Promised) : Command;

    public sealed record PeerPriority(uint Id) : Command;

    public sealed record PeerPing : Command;

    public sealed record AppRequest(bool End) : Command;

    public sealed record AppRespond(uint Id, int Octets, bool End) : Command;

    public sealed record AppData(uint Id, int Octets, bool End) : Command;

    public sealed record AppTrailers(uint Id) : Command;

    public sealed record AppReset(uint Id) : Command;

    public sealed record AppPush(uint Parent) : Command;

    public sealed record AppConsume(uint Id, int Octets) : Command;

    public sealed record AppRetire(uint Id) : Command;

    public sealed record AppDrain(int Budget) : Command;

    /// <summary>SETTINGS of ours with one entry.</summary>
    public sealed record AppSetting(SettingId Id, uint Value) : Command;

    /// <summary>The graceful end.</summary>
    public sealed record AppShutdown : Command;

    /// <summary>Whether it is a frame of the peer.</summary>
    public bool IsOfPeer => this is PeerHeaders or PeerContinuation or PeerOverpadded or PeerData or PeerReset or PeerWindow or PeerSetting
        or PeerSettingsAck or PeerGoAway or PeerPong or PeerPromise or PeerPriority or PeerPing;

    /// <summary>Whether the connection is going to end by this, without a fault.</summary>
    public bool EndsGracefully => this is PeerGoAway or AppShutdown;

    /// <summary>Simpler commands of the same kind: fewer octets, no flags.</summary>
    public IEnumerable<Command> Simpler() => this switch
    {
        PeerHeaders c => (c.End ? [c with { End = false }] : Enumerable.Empty<Command>())
            .Concat(c.Padding >= 0 ? [c with { Padding = -1 }] : []).Concat(c.Update >= 0 ? [c with { Update = -1 }] : []),
        PeerData c => Smaller(c.Octets).Select(n => c with { Octets = n }).Concat(c.Padding >= 0 ? [c with { Padding = -1 }] : []),
        PeerWindow c when c.Increment > 1 => [c with { Increment = 1 }, c with { Increment = c.Increment / 2 }],
        PeerSetting { Id: SettingId.InitialWindowSize, Value: > 0 } c => [c with { Value = 0 }, c with { Value = c.Value / 2 }],
        PeerGoAway { Last: > 0 } c => [c with { Last = 0 }],
        AppRequest { End: false } => [new AppRequest(true)],
        AppRespond c => Smaller(c.Octets).Select(n => c with { Octets = n }),
        AppData c => Smaller(c.Octets).Select(n => c with { Octets = n }),
        AppConsume c => Smaller(c.Octets).Select(n => c with { Octets = n }),
        _ => [],
    };

    private static IEnumerable<int> Smaller(int n) => n > 1 ? [0, 1, n / 2] : n == 1 ? [0] : [];
}

/// <summary>A trace: which end is under test, what both ends announce, and what happens.</summary>
/// <param name="Role">The end under test.</param>
/// <param name="OurWindow">The receive window of its streams.</param>
/// <param name="OurMaxStreams">How many streams it allows.</param>
/// <param name="PeerWindow">The peer's first SETTINGS_INITIAL_WINDOW_SIZE.</param>
/// <param name="FaultsFrom">Before this command those are left out that may end the connection, so that traces go far.</param>
/// <param name="EndsFrom">Before this command neither end begins to go away.</param>
/// <param name="Commands">What happens.</param>
internal sealed record Trace(
    Role Role, uint OurWindow, uint OurMaxStreams, uint PeerWindow, int FaultsFrom, int EndsFrom, ImmutableArray<Command> Commands)
{
    private static readonly RateLimit Unlimited = new(1_000_000, 1_000_000);

    /// <summary>What the connection is opened with.</summary>
    public ConnectionOptions Options => ConnectionOptions.Default with
    {
        InitialStreamWindow = (int)OurWindow, InitialConnectionWindow = WireConstants.InitialWindow, MaxConcurrentStreams = (int)OurMaxStreams,
        PeerResetLimit = Unlimited, CausedResetLimit = Unlimited, GlitchLimit = Unlimited, ControlFrameLimit = Unlimited,
    };

    /// <summary>The connection before the first command: both ends have sent their SETTINGS and acknowledged those of the other.</summary>
    public ConnectionFold Begin()
    {
        var opened = Connection.Start(Role, Options, 0).State;
        return Connection.Step(opened, new Input.Received(FrameMaker.Handshake(Role, PeerWindow), 0)).State;
    }

    public override string ToString() =>
        $"{Role}, our window {OurWindow}, our limit {OurMaxStreams}, peer's window {PeerWindow}, faults from {FaultsFrom}, "
        + $"ends from {EndsFrom}:\n  "
        + string.Join("\n  ", Commands);
}
