using FsCheck;
using FsCheck.Fluent;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Frames;

/// <summary>Frames that break no rule, of all types, with padding, priority and flags that mean nothing.</summary>
public static class FrameGenerators
{
    private static readonly Gen<byte> AnyByte = Gen.Choose(0, 255).Select(i => (byte)i);

    private static readonly Gen<uint> AnyWord =
        from high in Gen.Choose(0, 0xffff) from low in Gen.Choose(0, 0xffff) select ((uint)high << 16) | (uint)low;

    private static readonly Gen<Octets> AnyOctets = AnyByte.ArrayOf().Select(array => new Octets(array));

    private static readonly Gen<Octets?> AnyPadding = Gen.OneOf(
        Gen.Constant<Octets?>(null), Gen.Choose(0, 255).SelectMany(n => AnyByte.ArrayOf(n)).Select(array => (Octets?)new Octets(array)));

    private static readonly Gen<StreamId> AnyStream =
        Gen.OneOf(Gen.Choose(1, 9), Gen.Choose(1, int.MaxValue)).Select(i => new StreamId((uint)i));

    private static readonly Gen<FrameFlags> AnyFlags = AnyByte.Select(octet => (FrameFlags)octet);

    private static readonly Gen<ErrorCode> AnyCode =
        Gen.OneOf(Gen.Choose(0, 14).Select(i => (ErrorCode)i), AnyWord.Select(i => (ErrorCode)i));

    private static readonly Gen<Setting> AnySetting = Gen.OneOf(
        AnyWord.Select(value => new Setting(SettingId.HeaderTableSize, value)),
        Gen.Choose(0, 1).Select(value => new Setting(SettingId.EnablePush, (uint)value)),
        AnyWord.Select(value => new Setting(SettingId.InitialWindowSize, value & 0x7fffffff)),
        Gen.Choose(16384, 16777215).Select(value => new Setting(SettingId.MaxFrameSize, (uint)value)),
        from id in Gen.Choose(0x0a, 0xffff) from value in AnyWord select new Setting((SettingId)id, value));

    /// <summary>A frame that breaks no rule; its payload fits into the default size.</summary>
    public static Arbitrary<Frame> AnyFrame() => Arb.From(Gen.OneOf(
        from id in AnyStream from flags in AnyFlags from data in AnyOctets from padding in AnyPadding
        select (Frame)new Frame.Data(id, flags, new DataPayload(data, padding)),
        Headers(),
        from id in AnyStream from flags in AnyFlags from priority in AnyPriority() select (Frame)new Frame.Priority(id, flags, priority),
        from id in AnyStream from flags in AnyFlags from code in AnyCode
        select (Frame)new Frame.RstStream(id, flags, new RstStreamPayload(code)),
        from settings in AnySetting.ArrayOf() from flags in AnyFlags
        select (Frame)new Frame.Settings(flags & ~FrameFlags.Ack, SettingsPayload.Of([.. settings.Take(32)])),
        Gen.Constant((Frame)new Frame.Settings(FrameFlags.Ack, default)),
        from id in AnyStream from promised in AnyStream from flags in AnyFlags from block in AnyOctets from padding in AnyPadding
        select (Frame)new Frame.PushPromise(id, flags, new PushPromisePayload(Even(promised), block, padding)),
        from flags in AnyFlags from high in AnyWord from low in AnyWord
        select (Frame)new Frame.Ping(flags, new PingPayload(((ulong)high << 32) | low)),
        from flags in AnyFlags from last in AnyStream from code in AnyCode from debug in AnyOctets
        select (Frame)new Frame.GoAway(flags, new GoAwayPayload(last, code, debug)),
        from id in Gen.OneOf(AnyStream, Gen.Constant(StreamId.Connection)) from flags in AnyFlags from increment in AnyStream
        select (Frame)new Frame.WindowUpdate(id, flags, new WindowUpdatePayload(increment.Value)),
        from id in AnyStream from flags in AnyFlags from block in AnyOctets
        select (Frame)new Frame.Continuation(id, flags, new ContinuationPayload(block)),
        Extension()), FrameShrinker.Simpler);

    private static Gen<Frame> Headers() =>
        from id in AnyStream
        from flags in AnyFlags
        from block in AnyOctets
        from padding in AnyPadding
        from prioritized in Gen.Elements(true, false)
        from priority in AnyPriority()
        select (Frame)new Frame.Headers(id, flags, new HeadersPayload(block, prioritized ? priority : null, padding));

    private static Gen<Frame> Extension() => Gen.OneOf(
        from id in AnyStream from flags in AnyFlags from origin in AnyOctets from value in AnyOctets
        select (Frame)new Frame.AltSvc(id, flags, new AltSvcPayload(origin, value)),
        from id in AnyStream from flags in AnyFlags from origins in AnyOctets.ArrayOf(3)
        select (Frame)new Frame.Origin(id, flags, OriginPayload.Of(origins)),
        from flags in AnyFlags from id in AnyStream from value in AnyOctets
        select (Frame)new Frame.PriorityUpdate(flags, new PriorityUpdatePayload(id, value)),
        from type in Gen.OneOf(Gen.Elements(0x0b, 0x0d, 0x0e, 0x0f), Gen.Choose(0x11, 0xff))
        from id in Gen.OneOf(AnyStream, Gen.Constant(StreamId.Connection))
        from flags in AnyFlags
        from body in AnyOctets
        select (Frame)new Frame.Unknown((FrameType)type, id, flags, new UnknownPayload(body)));

    private static Gen<PriorityPayload> AnyPriority() =>
        from exclusive in Gen.Elements(true, false)
        from dependency in AnyStream
        from weight in Gen.Choose(1, 256)
        select new PriorityPayload(exclusive, dependency, weight);

    private static StreamId Even(StreamId id) => new(Math.Max(2, id.Value & ~1u));
}
