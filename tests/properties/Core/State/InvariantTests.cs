using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>What holds after every step of any exchange: a peer that sends anything, an application that does anything.</summary>
public sealed class InvariantTests
{
    private static readonly ConnectionOptions Small = new()
    {
        MaxConcurrentStreams = 5, InitialStreamWindow = 30, InitialConnectionWindow = 65535, MaxPushes = 20,
        CausedResetLimit = new(1000, 5), PeerResetLimit = new(1000, 5),
    };

    [Property(MaxTest = 300, StartSize = 20, EndSize = 200)]
    public void Counts_agree_with_the_streams_and_each_known_stream_closes_once(Role role, byte[] actions, byte[] picks, byte[] values)
    {
        var options = Small with { MaxUnreadPerConnection = picks.Length % 3 * 65555 };
        var rig = role == Role.Server ? Rig.Server(options) : Rig.Client(options);
        var known = new Dictionary<uint, int>();
        for (var i = 0; i < actions.Length * 3 && !rig.IsFinished; i++)
        {
            // three lists of unlike length, gone through in circles, so that shrinking any of them keeps a script
            var pick = picks.Length == 0 ? 0 : picks[i % picks.Length];
            var value = values.Length == 0 ? i : values[i % values.Length];
            Act(rig, role, actions[i % actions.Length] + i / actions.Length, pick, value);
            Account(rig, known);
            Check(rig);
            _ = rig.Frames();
        }
        rig.EndOfInput();
        Account(rig, known);
        if (!rig.IsFinished)
            Check(rig);
        rig.Disconnect();
        Account(rig, known);
        Assert.True(rig.IsFinished);
        Assert.All(known, stream => Assert.True(stream.Value == 1, $"stream {stream.Key} closed {stream.Value} times"));
    }

    [Property(MaxTest = 300)]
    public void Any_octets_after_the_handshake_are_survived(Role role, byte[] octets, byte type, byte flags, byte id)
    {
        var rig = role == Role.Server ? Rig.Server() : Rig.Client();
        rig.Raw((FrameType)(type % 18), flags, (uint)(id % 4), octets);
        rig.Octets(octets);
        _ = rig.Frames();
        Check(rig);
    }

    private static void Act(Rig rig, Role role, int action, int pick, int value)
    {
        var wild = pick == 255;
        var live = Pick(rig, pick, wild, _ => true);
        var receiving = Pick(rig, pick, wild, state => state is StreamState.Open or StreamState.HalfClosedLocal);
        switch (action % 32)
        {
            case 0 or 1 or 2: Open(rig, role, end: true); break;
            case 3 or 4: Open(rig, role, end: false); break;
            case 5 when receiving > 0: rig.Data(receiving, "abcdefghijkl"[..(value % 13)], value % 3 == 0); break;
            case 6 when live > 0: rig.Rst(live, (ErrorCode)(value % 14)); break;
            case 7 when live > 0: rig.Window(live, (uint)value % 50 + (wild ? 0u : 1u)); break;
            case 8: rig.Window(0, (uint)value % 50 + 1); break;
            case 9: rig.Setting(SettingId.InitialWindowSize, (uint)value % 40); break;
            case 10 when receiving > 0: rig.Headers(receiving, value % 5 > 0, ("x-trailer", "1")); break;
            case 11 when receiving > 0 && role == Role.Client: rig.Headers(receiving, value % 2 == 0, (":status", "200")); break;
            case 12 when receiving > 0 && role == Role.Client: rig.Promise(receiving, NextPeer(rig), Rig.Request()); break;
            case 13 when value % 16 == 0: rig.GoAway((uint)value % 9); break;
            case 14 when wild: rig.Raw(FrameType.Priority, 0, live + 1, new byte[value % 2 + 4]); break;
            case 15: rig.Ping((ulong)value, value % 2 == 0); break;
            case 16: rig.Respond(live, value % 5 == 0 ? 204 : 200, new string('b', value % 60), value % 2 == 0); break;
            case 17: rig.Respond(live, 200, new string('c', value % 90)); break;
            case 18 or 31: rig.Body(live, new string('d', value % 50), value % 3 == 0); break;
            case 19: rig.Trailers(live, ("x-end", "1")); break;
            case 20: rig.Reset(live, (ErrorCode)(value % 14)); break;
            case 21: rig.Push(live, out _, Rig.Request()); break;
            case 22: rig.Inform(live, 103); break;
            case 23 or 24: rig.Drain(value % 100); break;
            case 25: rig.Consume(live, value % 40); break;
            case 26 or 27: rig.Retire(Pick(rig, pick, wild, state => state.IsClosed())); break;
            case 28: rig.SettingsAckOf(value); break;
            case 29: rig.Tick(value % 100); break;
            case 30 when value % 32 == 0: rig.Shutdown(); break;
            case 30 when value == 77: rig.Abort(ErrorCode.InternalError); break;
            default: rig.Submit(new Setting(SettingId.InitialWindowSize, (uint)value % 40)); break;
        }
    }

    /// <summary>One of the streams whose state fits, or now and then any number; 0 when there is none.</summary>
    private static uint Pick(Rig rig, int pick, bool wild, Func<StreamState, bool> fits)
    {
        if (wild)
            return (uint)pick % 12 + 1;
        var core = rig.State.Core;
        var ids = core.Streams.Set.Where(stream => fits(stream.State)).Select(stream => stream.Id.Value).ToList();
        if (core.Streams.Fresh is { } fresh && fits(StreamState.HalfClosedRemote))
            ids.Add(fresh.Id.Value);
        return ids.Count == 0 ? 0 : ids[pick % ids.Count];
    }

    private static void Open(Rig rig, Role role, bool end)
    {
        if (role == Role.Client)
            rig.Ask(out _, end, end ? "GET" : "POST");
        else if (end)
            rig.Get(NextPeer(rig));
        else
            rig.Post(NextPeer(rig));
    }

    private static uint NextPeer(Rig rig) =>
        rig.State.Core.Streams.HighestPeer.Value == 0 ? (rig.State.Role == Role.Server ? 1u : 2u) : rig.State.Core.Streams.HighestPeer.Value + 2;

    private static void Account(Rig rig, Dictionary<uint, int> known)
    {
        // requests of ours are known from the command; the set says so
        foreach (var stream in rig.State.Core.Streams.Set)
            known.TryAdd(stream.Id.Value, 0);
        foreach (var happened in rig.Effects.Events)
        {
            if (happened is ConnectionEvent.RequestReceived request)
                known.TryAdd(request.Id.Value, 0);
            if (happened is ConnectionEvent.StreamClosed closed)
                known[closed.Id.Value] = known.GetValueOrDefault(closed.Id.Value) + 1;
        }
        _ = rig.Events();
    }

    private static void Check(Rig rig)
    {
        var core = rig.State.Core;
        var book = core.Streams;
        var live = book.Set.OfType<StreamRecord.Live>().ToArray();
        var lingering = book.Set.OfType<StreamRecord.Lingering>().ToArray();
        var fresh = book.Fresh is null ? 0 : 1;
        Assert.Equal(lingering.Length, book.LingeringCount);
        Assert.Equal(live.Length + fresh, book.LiveCount);
        Assert.Equal(live.Count(stream => stream.Outgoing.IsWaiting), book.WaitingCount);
        Assert.Equal(book.Set.Count(stream => book.IsOwn(stream.Id)), book.OwnCount);
        Assert.Equal(live.Count(stream => !book.IsOwn(stream.Id)) + fresh, book.PeerCount);
        Assert.True(core.Role == Role.Client || book.LingeringCount <= 5 * core.Options.MaxConcurrentStreams);
        Assert.True(book.PeerCount <= 100);
        Assert.All(live, stream => Assert.True(stream.Outgoing.Offset.Octets <= book.SendOffsetBound.Octets));
        Assert.All(live, stream => Assert.True(stream.Incoming.Unconsumed >= 0 && stream.Incoming.Owed >= 0));
        Assert.All(live, stream => Assert.False(stream.State.IsClosed()));
        Assert.All(lingering, stream => Assert.True(stream.State.IsClosed()));
        if (core.Phase == Phase.Running)
            CheckCredit(rig, live);
        Assert.True(core.Flow.Send.Octets >= 0);
        // behind the end of input what cannot be sent is given up, so that there is something to do for every body
        Assert.True(Connection.CanDrain(rig.State) == (core.Closing.InputEnded ? core.Streams.WaitingCount > 0 : core.Flow.Send.Room > 0 && live.Any(stream =>
            stream.Outgoing.IsWaiting && stream.Outgoing.Offset.Grow(core.Peer.InitialWindow).Room > 0)));
    }

    /// <summary>What is owed is little, and less than the peer has left; what is unread is bounded when it is to be.</summary>
    private static void CheckCredit(Rig rig, StreamRecord.Live[] streams)
    {
        var core = rig.State.Core;
        Assert.Equal(streams.Sum(stream => stream.Incoming.Unconsumed), core.Flow.Unread);
        var (whole, left) = (core.Options.InitialConnectionWindow, core.Flow.Receive.Octets);
        var bound = core.Flow.UnreadBound == 0 ? long.MaxValue : Math.Max(core.Flow.UnreadBound, whole);
        Assert.True(left + core.Flow.Unread <= bound);
        Assert.True(IsLittle(Math.Min(whole, bound - core.Flow.Unread) - left, whole, left));
        foreach (var stream in streams.Where(stream => stream.State.CanReceive()))
        {
            var window = core.Ours.Latest.InitialWindow;
            Assert.True(IsLittle(stream.Incoming.Owed, window, stream.Incoming.Offset.Grow(window).Octets));
        }

        static bool IsLittle(long owed, long window, long left) => owed == 0 || (owed > 0 && owed < Math.Max(window / 2, 1) && owed < left);
    }
}
