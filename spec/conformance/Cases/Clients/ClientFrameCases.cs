using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Frames as such: flags, reserved bits, lengths, unknown types: RFC 9113 §4.1, §4.2 and §5.5.</summary>
internal static class ClientFrameCases
{
    private const string WrongLength = "A frame of another length than its type has is a FRAME_SIZE_ERROR.";
    private const string TooLong = "A frame beyond what the client allows is a FRAME_SIZE_ERROR; of the connection when it carries fields or is on stream 0.";
    private const string Undefined = "Flags that a type does not define are ignored.";
    private const string Ignored = "A frame of unknown type is ignored.";

    private static readonly (FrameType Type, bool OnStream, int Length)[] Lengths =
    [
        (FrameType.Ping, false, 0), (FrameType.Ping, false, 7), (FrameType.Ping, false, 9), (FrameType.RstStream, true, 3),
        (FrameType.RstStream, true, 5), (FrameType.WindowUpdate, false, 3), (FrameType.WindowUpdate, true, 5), (FrameType.Settings, false, 5),
        (FrameType.Settings, false, 7), (FrameType.GoAway, false, 7), (FrameType.Priority, true, 4), (FrameType.Priority, true, 6),
    ];

    private static readonly (FrameType Type, bool OnStream)[] Any =
    [
        (FrameType.Data, true), (FrameType.Headers, true), (FrameType.Settings, false), (FrameType.Ping, false), (FrameType.GoAway, false),
        (FrameType.WindowUpdate, false), ((FrameType)0xef, false),
    ];

    private static readonly (string Title, Action<ServerEnd> Send)[] Bits =
    [
        ("WINDOW_UPDATE of the connection", s => s.Frame(FrameType.WindowUpdate, 0, 0, Octet.UInt32(0x80000001))),
        ("PING", s => s.Frame(FrameType.Ping, 0, 0x80000000, Octet.UInt64(1))),
        ("SETTINGS", s => s.Frame(FrameType.Settings, 0, 0x80000000)),
        ("DATA", s => s.Frame(FrameType.Data, 0, s.StreamId | 0x80000000)),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Format, .. Fixed, .. Oversize, .. Extensions];

    private static ClientCaseList Format => new ClientCaseList("client-frames", "4.1", "RFC 9113 §4.1")
        .Must("undefined flags are unset", "The client sets no flag that a frame's type does not define.",
            s => ServedExchange.Every(s, "defined flags only", frame => (frame.Flags & ~frame.Defined) == 0))
        .Must("the reserved bit is unset", "The client leaves the reserved bit of the stream identifier unset.",
            s => ServedExchange.Every(s, "the reserved bit unset", frame => !frame.Reserved))
        .Must("undefined flags of SETTINGS", Undefined, s => ServedExchange.Accepts(s, e => e.Frame(FrameType.Settings, (FrameFlags)0xfe, 0)))
        .Must("undefined flags of PING", Undefined, s => ServedExchange.Accepts(s, e => e.Frame(FrameType.Ping, (FrameFlags)0xfe, 0, Octet.UInt64(7))))
        .Must("undefined flags of DATA", Undefined, s => ServedExchange.Accepts(s, e => e.Frame(FrameType.Data, (FrameFlags)0xf6, e.StreamId)))
        .Must("undefined flags of WINDOW_UPDATE", Undefined,
            s => ServedExchange.Accepts(s, e => e.Frame(FrameType.WindowUpdate, (FrameFlags)0xff, 0, Octet.UInt32(1))))
        .Must("undefined flags of HEADERS", Undefined, async s =>
        {
            await s.Requested();
            s.Frame(FrameType.Headers, FrameFlags.EndHeaders | (FrameFlags)0xd2, s.StreamId, Serving.Ok());
            await s.ExpectAccepted();
        })
        .MustForEach(Bits, row => $"the reserved bit in {row.Title}", "The reserved bit is ignored.", (s, row) => ServedExchange.Accepts(s, row.Send));

    private static ClientCaseList Fixed => new ClientCaseList("client-frames", "4.2", "RFC 9113 §4.2")
        .MustForEach(
            Lengths, row => $"{FrameLine.Name(row.Type)} of {row.Length} octets on {(row.OnStream ? "the request's stream" : "stream 0")}", WrongLength,
            (s, row) => row.Type == FrameType.Priority
                ? ServedExchange.BreaksStream(s, e => e.Frame(row.Type, 0, e.StreamId, new byte[row.Length]), ErrorCode.FrameSizeError)
                : ServedExchange.Breaks(s, e => e.Frame(row.Type, 0, row.OnStream ? e.StreamId : 0, new byte[row.Length]), ErrorCode.FrameSizeError))
        .Must("an acknowledgement of SETTINGS with settings", "An acknowledgement of SETTINGS is empty; another one is a FRAME_SIZE_ERROR.",
            s => ServedExchange.Breaks(s, e => e.Frame(FrameType.Settings, FrameFlags.Ack, 0, new byte[6]), ErrorCode.FrameSizeError));

    private static ClientCaseList Oversize => new ClientCaseList("client-frames", "4.2.1", "RFC 9113 §4.2")
        .Must("DATA of 16,384 octets", "Every client takes frames of 2^14 octets.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Data(s.StreamId, Octet.Fill(16384));
            await s.ExpectAccepted();
        })
        .Must("HEADERS of 16,384 octets", "Every client takes frames of 2^14 octets.", async s =>
        {
            await s.Requested();
            if (s.PeerSetting(SettingId.MaxHeaderListSize) < 17_000)
                throw Speaker.Skip("the client takes no sections of that size");
            var block = new FieldBlock().Literal(LiteralKind.Plain, 8, "200").Literal(LiteralKind.Plain, "x-long", new string('x', 16384 - 5 - 8 - 3));
            s.Headers(s.StreamId, block.ToArray());
            await s.ExpectAccepted();
        })
        .MustForEach(Any, row => $"{FrameLine.Name(row.Type)} that is too long", TooLong, async (s, row) =>
        {
            await s.Requested();
            s.Head();
            if (s.PeerMaxFrameSize >= WireFrame.MaxLength)
                throw Speaker.Skip("the client takes frames of any length");
            s.Frame(row.Type, 0, row.OnStream ? s.StreamId : 0, new byte[s.PeerMaxFrameSize + (row.Type == FrameType.Settings ? 6 - (s.PeerMaxFrameSize % 6) : 1)]);
            if (row.Type == FrameType.Data)
                await s.ExpectRequestFault(ErrorCode.FrameSizeError);
            else
                await s.ExpectConnectionFault(ErrorCode.FrameSizeError);
        })
        .Must("frames within our limit", "The client sends no frame beyond the 2^14 octets that we take.", async s =>
        {
            await s.Requested();
            await s.ExpectUntil("all of the upload", () => s.On(s.StreamId).Ended);
            if (s.Traffic.FirstOrDefault(frame => frame.Length > 16384) is { Length: > 0 } frame)
                throw Speaker.Fail("frames of at most 16,384 octets", FrameLine.Of(frame));
            s.Answer(s.StreamId);
            await s.ExpectServed();
        }, ClientTask.Upload);

    private static ClientCaseList Extensions => new ClientCaseList("client-frames", "5.5", "RFC 9113 §5.5")
        .Must("an unknown type on stream 0", Ignored, s => ServedExchange.Accepts(s, e => e.Unknown(0)))
        .Must("an unknown type on the request's stream", Ignored, s => ServedExchange.Accepts(s, e => e.Unknown(e.StreamId)))
        .Must("an unknown type of no octets", Ignored, s => ServedExchange.Accepts(s, e => e.Unknown(0, length: 0)))
        .Must("an unknown type of 16,384 octets", Ignored, s => ServedExchange.Accepts(s, e => e.Unknown(0, length: 16384)))
        .Must("every unknown type", Ignored, s => ServedExchange.Accepts(s, e =>
        {
            for (var type = 0x20; type <= 0xff; type++)
                e.Unknown(0, type: (byte)type);
        }))
        .Must("an unknown type before the response", Ignored, async s =>
        {
            await s.Requested();
            s.Unknown(s.StreamId);
            s.Head();
            await s.ExpectAccepted();
        })
        .Must("an unknown type within a field block", "No frame of any type comes between the frames of a field block.", async s =>
        {
            await s.Requested();
            s.Headers(s.StreamId, Serving.Ok(), endHeaders: false);
            s.Unknown(s.StreamId);
            s.Continuation(s.StreamId, [], endHeaders: true);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("unknown settings", "Settings that the client does not know are ignored.",
            s => ServedExchange.Accepts(s, e => e.Settings(new Setting((SettingId)0x0a0a, 1), new Setting((SettingId)0xfafa, uint.MaxValue))))
        .Must("an unknown error code", "A code that the client does not know is an error like INTERNAL_ERROR.", async s =>
        {
            await s.Requested();
            s.Reset(s.StreamId, (ErrorCode)0xdead);
            await s.ExpectNoResponse();
        });
}
