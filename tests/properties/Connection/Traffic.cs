using FsCheck;
using FsCheck.Fluent;
using Hpack.Pure;
using Http2.Properties.Frames;
using Http2.Pure;
using Http2.TestSupport;

namespace Http2.Properties.Connections;

/// <summary>
/// What a peer may put on the wire: a sound beginning, then mostly frames that are legal where they come, mixed with some that are not.
/// </summary>
public abstract record Traffic(byte[] Octets)
{
    private static readonly string[] Methods = ["GET", "GET", "POST", "POST", "HEAD", "OPTIONS"];

    /// <summary>Frames that follow from how many streams the peer has opened so far.</summary>
    private delegate byte[] Step(ref uint streams);

    /// <summary>Octets for a server.</summary>
    protected static Gen<byte[]> ToServer => Of(
        [
            .. WireConstants.Preface, .. Serialize(new Frame.Settings(0, default)), .. Serialize(new Frame.Settings(FrameFlags.Ack, default)),
            .. Headers(FrameType.Headers, 1, false, Block("POST", "x", "y"), 100),
        ],
        4, Gen.Frequency((6, Request), (8, OnStream(toServer: true)), (3, Control), (1, Rare)));

    /// <summary>Octets for a client that opened the streams 1, 3 and 5.</summary>
    protected static Gen<byte[]> ToClient => Of(
        [.. Serialize(new Frame.Settings(0, default)), .. Serialize(new Frame.Settings(FrameFlags.Ack, default))],
        3, Gen.Frequency((4, Response), (2, Promise), (6, OnStream(toServer: false)), (3, Control), (1, Rare)));

    public sealed override string ToString() => Convert.ToHexStringLower(Octets);

    /// <summary>The same with whole frames left out, but for the handshake: what is left is as legal as it was.</summary>
    protected static IEnumerable<byte[]> Shorter(byte[] octets)
    {
        var pieces = new List<byte[]>();
        var at = octets.AsSpan().StartsWith(WireConstants.Preface) ? WireConstants.Preface.Length : 0;
        var handshake = at + 2 * FrameHeader.Size;
        while (at < octets.Length)
        {
            var rest = octets.Length - at;
            var length = rest < FrameHeader.Size ? rest : Math.Min(rest, FrameHeader.Size + FrameHeader.Parse(octets.AsSpan(at)).Length);
            if (at >= handshake)
                pieces.Add(octets[at..(at + length)]);
            at += length;
        }
        return Shrinking.WithoutSome(pieces).Select(kept => (byte[])[.. octets[..handshake], .. kept.SelectMany(piece => piece)]);
    }

    private static Gen<byte[]> Of(byte[] beginning, uint streams, Gen<Step> step) => Gen.Sized(size =>
        from steps in step.ListOf(Math.Min(size, 60))
        from tail in Gen.Frequency((3, Gen.Constant(Array.Empty<byte>())), (1, ArbMap.Default.GeneratorFor<byte[]>()))
        select Run(beginning, streams, steps, tail));

    private static byte[] Run(byte[] beginning, uint streams, IEnumerable<Step> steps, byte[] tail)
    {
        var octets = new List<byte>(beginning);
        foreach (var step in steps)
            octets.AddRange(step(ref streams));
        octets.AddRange(tail);
        return [.. octets];
    }

    private static Gen<Step> Request =>
        from method in Gen.Elements(Methods)
        from extra in Gen.Elements("x", "x", "cookie", "te", "content-length", "connection", "X", ":x")
        from value in Gen.Elements("trailers", "10", "a")
        from end in Gen.Elements(true, false)
        from cut in Gen.Choose(0, 60)
        select (Step)((ref uint streams) => Headers(FrameType.Headers, 2 * streams++ - 5, end, Block(method, extra, value), cut));

    private static Gen<Step> Response =>
        from stream in Gen.Elements(1u, 1u, 3u, 5u, 1u, 3u, 5u, 2u)
        from status in Gen.Elements("200", "200", "103", "204", "304", "101", "x")
        from end in Gen.Elements(true, false, false)
        from cut in Gen.Choose(0, 30)
        select (Step)((ref uint _) => Headers(FrameType.Headers, stream, end, Encode([new(":status", status), new("x", "y")]), cut));

    private static Gen<Step> Promise =>
        from stream in Gen.Elements(1u, 3u, 5u)
        from method in Gen.Elements("GET", "HEAD", "POST")
        from cut in Gen.Choose(0, 60)
        select (Step)((ref uint streams) =>
            Headers(FrameType.PushPromise, stream, false, Block(method, "x", "y"), cut, promised: 2 * streams++ - 4));

    private static Gen<Step> OnStream(bool toServer) => Gen.OneOf(
        On(toServer, from length in Gen.Choose(0, 300) from end in Gen.Elements(0, 0, 0, 1)
                     select Serialize(new Frame.Data(default, (FrameFlags)end, new DataPayload(new Octets(new byte[length]))))),
        On(toServer, from increment in Gen.Choose(1, 100_000)
                     select Serialize(new Frame.WindowUpdate(default, 0, new WindowUpdatePayload((uint)increment)))),
        On(toServer, from code in Gen.Choose(0, 14)
                     select Serialize(new Frame.RstStream(default, 0, new RstStreamPayload((ErrorCode)code)))),
        On(toServer, from weight in Gen.Choose(1, 256)
                     select Serialize(new Frame.Priority(default, 0, new PriorityPayload(false, StreamId.Connection, weight)))),
        from back in Gen.Choose(0, 4)
        select (Step)((ref uint streams) => Headers(FrameType.Headers, Pick(streams, back, toServer), true, Encode([new("x", "y")]), 2)));

    private static Gen<Step> Control => Gen.OneOf(
        from opaque in Gen.Choose(0, 9) select Fixed(new Frame.Ping(0, new PingPayload((ulong)opaque))),
        from id in Gen.Elements(1, 3, 4, 6, 0x99) from value in Gen.Choose(0, 70_000)
        select Fixed(new Frame.Settings(0, SettingsPayload.Of(new Setting((SettingId)id, (uint)value)))),
        from increment in Gen.Choose(1, 100_000)
        select Fixed(new Frame.WindowUpdate(StreamId.Connection, 0, new WindowUpdatePayload((uint)increment))),
        from length in Gen.Choose(0, 30)
        select Fixed(new Frame.Unknown((FrameType)0xee, new(3), 0, new UnknownPayload(new Octets(new byte[length])))));

    private static Gen<Step> Rare => Gen.OneOf(
        FrameGenerators.AnyFrame().Generator.Select(Fixed),
        from last in Gen.Elements(0u, 1u, 3u) select Fixed(new Frame.GoAway(0, new GoAwayPayload(new(last), ErrorCode.NoError, "bye"))),
        from stream in Gen.Elements(0u, 1u, 3u) select Fixed(new Frame.WindowUpdate(new(stream), 0, new WindowUpdatePayload(0x7fffffff))),
        Gen.Constant(Fixed(new Frame.Ping(FrameFlags.Ack, new PingPayload(3)))));

    private static Gen<Step> On(bool toServer, Gen<byte[]> frame) =>
        from back in Gen.Choose(0, 4)
        from octets in frame
        select (Step)((ref uint streams) => WithStream([.. octets], Pick(streams, back, toServer)));

    // one of the last streams that the client opened; or of those that this client has, and of the first promises
    private static uint Pick(uint streams, int back, bool toServer) =>
        toServer ? (uint)Math.Max(1, 2 * (long)streams - 7 - 2 * back) : back < 3 ? 2 * (uint)back + 1 : 2 * (uint)back - 4;

    private static Step Fixed(Frame frame) => (ref uint _) => Serialize(frame);

    private static byte[] WithStream(byte[] frame, uint stream)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }

    // a block in one frame or two
    private static byte[] Headers(FrameType type, uint stream, bool end, Octets block, int cut, uint promised = 0)
    {
        var whole = cut >= block.Length;
        var first = whole ? block : block.Slice(0, cut);
        var flags = (end ? FrameFlags.EndStream : 0) | (whole ? FrameFlags.EndHeaders : 0);
        Frame frame = type == FrameType.Headers
            ? new Frame.Headers(new(stream), flags, new HeadersPayload(first))
            : new Frame.PushPromise(new(stream), flags & ~FrameFlags.EndStream, new PushPromisePayload(new(promised), first));
        if (whole)
            return Serialize(frame);
        var rest = new ContinuationPayload(block.Slice(cut, block.Length - cut));
        return [.. Serialize(frame), .. Serialize(new Frame.Continuation(new(stream), FrameFlags.EndHeaders, rest))];
    }

    private static Octets Block(string method, string extra, string value) => Encode(
    [
        new(":method", method), new(":scheme", "https"), new(":authority", "a"), new(":path", "/"), new(extra, value), new("y", "zzz"),
    ]);

    // each block by itself, so that it decodes wherever it ends up; dynamic entries still pile up in the decoder
    private static Octets Encode(HeaderField[] fields) => HpackEncoder.Encode(EncoderState.Create(), fields).Block;

    private static byte[] Serialize(Frame frame) => Pure.Frames.Serialize(frame).Span.ToArray();
}

/// <summary>Octets for a server.</summary>
public sealed record Requests(byte[] Octets) : Traffic(Octets)
{
    /// <summary>Octets for a server.</summary>
    public static Arbitrary<Requests> Any() => Arb.From(
        ToServer.Select(octets => new Requests(octets)), traffic => Shorter(traffic.Octets).Select(octets => new Requests(octets)));
}

/// <summary>Octets for a client that opened the streams 1, 3 and 5.</summary>
public sealed record Answers(byte[] Octets) : Traffic(Octets)
{
    /// <summary>Octets for a client that opened the streams 1, 3 and 5.</summary>
    public static Arbitrary<Answers> Any() => Arb.From(
        ToClient.Select(octets => new Answers(octets)), traffic => Shorter(traffic.Octets).Select(octets => new Answers(octets)));
}
