using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Http2.Exploration;
using Http2.Pure;

namespace Http2.Properties.Model;

/// <summary>Traces that go far: mostly what a peer may send, and now and then what it may not.</summary>
internal static class Traces
{
    private static readonly uint[] Increments = [1, 10, 99, 1000, 65535, 0x7fffffff - 65535, 0x7fffffff];

    public static Gen<Trace> Of(Role role, int length) =>
        from ourWindow in Gen.Elements(1u, 100u, 1000u, 20000u, 65535u)
        from maxStreams in Gen.Elements(1u, 3u, 100u)
        from peerWindow in Gen.Elements(0u, 10u, 100u, 65535u, 100000u, 0x7fffffffu)
        from faultsFrom in Gen.Frequency((1, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, length)))
        from endsFrom in Gen.Frequency((1, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, length)))
        from commands in Gen.ArrayOf(role == Role.Server ? OfClient() : OfServer(), length)
        select new Trace(role, ourWindow, maxStreams, peerWindow, faultsFrom, endsFrom, [.. commands]);

    private static Gen<uint> Id(params uint[] usual) =>
        Gen.Frequency((30, Gen.Elements(usual)), (2, Gen.Elements(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 11u)), (1, Gen.Constant(0u)));

    private static Gen<uint> ClientId() => Id(1, 1, 3, 3, 5, 7, 9);

    // where a client has no business: the streams that the server promised
    private static Gen<uint> Astray() => Gen.Frequency((5, ClientId()), (1, Id(2, 4)));

    private static Gen<bool> Half() => Gen.Elements(true, false);

    private static Gen<bool> Seldom() => Gen.Elements(true, false, false, false);

    private static Gen<int> Size() => Gen.Frequency(
        (11, Gen.Elements(0, 1, 9, 10, 50, 99, 100, 101, 1000, 9999, 16384)), (1, Gen.Elements(16385, 20000)));

    private static Gen<int> BodySize() => Gen.Elements(0, 1, 10, 11, 100, 5000, 16385, 65535, 70000, 200000);

    private static Gen<Command> Any(params (int Weight, Gen<Command> Gen)[] choices) => Gen.Frequency(choices);

    private static Gen<Command> As<T>(this Gen<T> gen)
        where T : Command => gen.Select(command => (Command)command);

    private static Gen<Command> OfClient() => Any(
        (9, Headers(Astray(), Half())),
        (9, Data(Astray())),
        (2, Astray().Select(id => new Command.PeerReset(id)).As()),
        (6, Update(Id(0, 1, 1, 2, 3, 5, 7))),
        (9, (from id in ClientOrPush() from n in BodySize() from end in Half() select new Command.AppRespond(id, n, end)).As()),
        (6, (from id in ClientOrPush() from n in BodySize() from end in Seldom() select new Command.AppData(id, n, end)).As()),
        (4, ClientId().Select(id => new Command.AppPush(id)).As()),
        (1, (from parent in ClientId() from promised in Id(2, 4) select new Command.PeerPromise(parent, promised)).As()),
        (12, Common(ClientOrPush())));

    private static Gen<uint> ClientOrPush() => Id(1, 1, 3, 3, 5, 7, 2, 4);

    private static Gen<Command> OfServer() => Any(
        (8, Half().Select(end => new Command.AppRequest(end)).As()),
        (8, Headers(ClientOrPush(), Seldom())),
        (9, Data(ClientOrPush())),
        (2, ClientOrPush().Select(id => new Command.PeerReset(id)).As()),
        (6, Update(Id(0, 1, 1, 3, 5, 7))),
        (6, (from id in ClientId() from n in BodySize() from end in Seldom() select new Command.AppData(id, n, end)).As()),
        (5, (from parent in ClientId() from promised in Id(2, 4, 6, 8) select new Command.PeerPromise(parent, promised)).As()),
        (1, (from id in ClientId() select new Command.AppRespond(id, 1, true)).As()),
        (12, Common(ClientOrPush())));

    private static Gen<Command> Common(Gen<uint> id) => Any(
        (4, Gen.Elements(1, 100, 20000, int.MaxValue, int.MaxValue).Select(budget => new Command.AppDrain(budget)).As()),
        (4, (from stream in id from octets in Size() select new Command.AppConsume(stream, octets)).As()),
        (2, id.Select(stream => new Command.AppRetire(stream)).As()),
        (2, id.Select(stream => new Command.AppReset(stream)).As()),
        (2, id.Select(stream => new Command.AppTrailers(stream)).As()),
        (5, Setting(0u, 1u, 100u, 65535u, 0x7fffffffu, 0x80000000u).Select(s => new Command.PeerSetting(s.Id, s.Value)).As()),
        (3, Setting(0u, 1u, 100u, 20000u, 65535u).Select(s => new Command.AppSetting(s.Id, s.Value)).As()),
        (3, Gen.Constant(new Command.PeerSettingsAck()).As()),
        (1, Gen.Elements(0u, 1u, 2u, 3u, 5u, 0x7fffffffu).Select(last => new Command.PeerGoAway(last)).As()),
        (2, Gen.Constant(new Command.AppShutdown()).As()),
        (4, Gen.Constant(new Command.PeerPong()).As()),
        (1, id.Select(stream => new Command.PeerPriority(stream)).As()),
        // of the block that is open, mostly
        (5, (from stream in Gen.Frequency((6, Gen.Constant(0u)), (1, id)) from more in Seldom() select new Command.PeerContinuation(stream, more)).As()),
        (1, id.Select(stream => new Command.PeerOverpadded(stream)).As()),
        (1, Gen.Constant(new Command.PeerPing()).As()));

    // of windows any of these, of the others what is in their range and just beyond
    private static Gen<Setting> Setting(params uint[] windows) => Gen.Frequency(
        (3, Gen.Elements(windows).Select(n => new Setting(SettingId.InitialWindowSize, n))),
        (1, Gen.Elements(0u, 1u, 2u, 100u).Select(n => new Setting(SettingId.MaxConcurrentStreams, n))),
        (1, Gen.Elements(0u, 30u, 4096u, 5000u).Select(n => new Setting(SettingId.HeaderTableSize, n))),
        (1, Gen.Elements(0u, 100u, 65536u).Select(n => new Setting(SettingId.MaxHeaderListSize, n))),
        (1, Gen.Elements(16384u, 16385u, 20000u, 16777215u, 16383u, 16777216u).Select(n => new Setting(SettingId.MaxFrameSize, n))),
        (1, Gen.Elements(0u, 0u, 1u, 2u).Select(n => new Setting(SettingId.EnablePush, n))));

    private static Gen<Command> Headers(Gen<uint> id, Gen<bool> ends) =>
        (from stream in id
         from end in ends
         from trailers in Seldom()
         from padding in Padding()
         from update in Gen.Frequency((9, Gen.Constant(-1)), (3, Gen.Constant(0)), (1, Gen.Elements(30, 4096, 5000)))
         from more in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
         select new Command.PeerHeaders(stream, end, trailers, padding, update, more)).As();

    private static Gen<int> Padding() => Gen.Frequency((5, Gen.Constant(-1)), (1, Gen.Elements(0, 1, 90, 255)));

    private static Gen<Command> Data(Gen<uint> id) =>
        (from stream in id
         from octets in Size()
         from end in Seldom()
         from padding in Padding()
         select new Command.PeerData(stream, octets, end, Math.Max(-1, Math.Min(padding, 16383 - octets)))).As();

    private static Gen<Command> Update(Gen<uint> id) =>
        (from stream in id
         from increment in Gen.Frequency((20, Gen.Elements(Increments)), (1, Gen.Constant(0u)))
         select new Command.PeerWindow(stream, increment)).As();
}
