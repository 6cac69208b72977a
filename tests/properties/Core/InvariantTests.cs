using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>What holds after every step of any exchange, however wild: a peer that sends anything, an application that does anything.</summary>
public sealed class InvariantTests
{
    private static readonly ConnectionOptions Small = new()
    {
        MaxConcurrentStreams = 5, InitialStreamWindow = 30, InitialConnectionWindow = 65535, MaxPushes = 20,
        CausedResetLimit = new(1000, 5), PeerResetLimit = new(1000, 5),
    };

    [Property(MaxTest = 400, EndSize = 300)]
    public void Counts_agree_with_the_streams_and_each_known_stream_closes_once(Role role, ushort[] script)
    {
        var rig = role == Role.Server ? Rig.Server(Small) : Rig.Client(Small);
        var known = new Dictionary<uint, int>();
        foreach (var code in script)
        {
            Act(rig, role, code);
            Account(rig, known);
            Check(rig);
            var finished = rig.IsFinished;
            _ = rig.Frames();
            if (finished)
                break;
        }
        rig.EndOfInput();
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

    private static void Act(Rig rig, Role role, ushort code)
    {
        var id = (uint)(code >> 5) % 12 + 1;
        switch (code % 32)
        {
            case 0 or 1 or 2: Open(rig, role, end: true); break;
            case 3 or 4: Open(rig, role, end: false); break;
            case 5: rig.Data(id, "abcdefghijkl"[..(code % 13)], code % 3 == 0); break;
            case 6: rig.Rst(id, (ErrorCode)(code % 14)); break;
            case 7: rig.Window(id, (uint)code % 50); break;
            case 8: rig.Window(0, (uint)code % 50 + 1); break;
            case 9: rig.Setting(SettingId.InitialWindowSize, (uint)code % 40); break;
            case 10: rig.Headers(id, code % 2 == 0, ("x-trailer", "1")); break;
            case 11: rig.Headers(id, code % 2 == 0, (":status", code % 3 == 0 ? "100" : "200")); break;
            case 12: rig.Promise(id, (uint)code % 20, Rig.Request()); break;
            case 13: rig.GoAway((uint)code % 9); break;
            case 14: rig.Raw(FrameType.Priority, 0, id, new byte[code % 2 + 4]); break;
            case 15: rig.Ping(code, code % 2 == 0); break;
            case 16: rig.Respond(id, code % 5 == 0 ? 204 : 200, new string('b', code % 60), code % 2 == 0); break;
            case 17: rig.Respond(id, 200, new string('c', code % 90)); break;
            case 18: rig.Body(id, new string('d', code % 50), code % 3 == 0); break;
            case 19: rig.Trailers(id, ("x-end", "1")); break;
            case 20: rig.Reset(id, (ErrorCode)(code % 14)); break;
            case 21: rig.Push(id, out _, Rig.Request()); break;
            case 22: rig.Inform(id, 103); break;
            case 23 or 24: rig.Drain(code % 100); break;
            case 25: rig.Consume(id, code % 40); break;
            case 26 or 27: rig.Retire(id); break;
            case 28: rig.SettingsAckOf(code); break;
            case 29: rig.Tick(code % 300); break;
            case 30 when code % 7 == 0: rig.Shutdown(); break;
            case 31 when code % 31 == 0: rig.Abort((ErrorCode)(code % 14)); break;
            default: rig.Submit(new Setting(SettingId.InitialWindowSize, (uint)code % 40)); break;
        }
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

    private static uint NextPeer(Rig rig) => rig.State.Core.HighestPeer.Value == 0 ? 1 : rig.State.Core.HighestPeer.Value + 2;

    private static void Account(Rig rig, Dictionary<uint, int> known)
    {
        // requests of ours are known from the command; the set says so
        foreach (var stream in rig.State.Core.Streams.Where(stream => stream.Has(StreamFlags.Known)))
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
        var streams = core.Streams.ToArray();
        var fresh = core.Fresh.IsConnection ? 0 : 1;
        Assert.Equal(streams.Count(stream => stream.State.IsClosed()), core.Lingering);
        Assert.Equal(streams.Count(stream => stream.HasOutbound), core.Pending);
        Assert.Equal(streams.Count(stream => core.IsOwn(stream.Id)), core.OwnStreams);
        Assert.Equal(streams.Count(stream => !core.IsOwn(stream.Id)) + fresh, core.PeerStreams);
        Assert.True(core.PeerStreams <= 100);
        Assert.All(streams, stream => Assert.True(stream.SendOffset.Octets <= core.SendOffsetBound.Octets));
        Assert.All(streams, stream => Assert.True(stream.Unconsumed >= 0 && stream.Owed >= 0));
        Assert.All(streams, stream => Assert.Equal(stream.State.IsClosed(), stream.Has(StreamFlags.Lingering)));
        // every octet that came is unconsumed, owed, or back in the window
        if (core.Phase == Phase.Running)
        {
            Assert.Equal(
                Math.Max(core.Options.InitialConnectionWindow, 65535),
                core.ReceiveWindow.Octets + core.Owed + streams.Sum(stream => stream.Unconsumed));
        }
        Assert.True(core.SendWindow.Octets >= 0);
        Assert.True(Connection.CanDrain(rig.State) == (core.SendWindow.Room > 0 && streams.Any(stream =>
            stream.HasOutbound && stream.SendOffset.Grow(core.Peer.InitialWindow).Room > 0)));
    }
}
