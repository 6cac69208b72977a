using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Lengths and padding of every type of frame: RFC 9113 §4.2 and §6.</summary>
internal static class FrameSizeCases
{
    private const string TooLong =
        "A frame beyond SETTINGS_MAX_FRAME_SIZE is a FRAME_SIZE_ERROR, of the connection when it carries fields or is on stream 0.";
    private const string WrongLength = "A frame of another length than its type has is a FRAME_SIZE_ERROR.";
    private const string TooShort = "A frame too short for the fields that its flags promise is a FRAME_SIZE_ERROR.";
    private const string Padding = "Padding that leaves no room is a PROTOCOL_ERROR.";

    /// <summary>Each row: the frame type, its stream, its length, and whether a request opens the stream first.</summary>
    private static readonly (FrameType Type, uint Stream, int Length)[] FixedLengths =
    [
        (FrameType.Priority, 1, 0), (FrameType.Priority, 1, 6), (FrameType.RstStream, 1, 0), (FrameType.RstStream, 1, 5),
        (FrameType.Settings, 0, 1), (FrameType.Settings, 0, 5), (FrameType.Settings, 0, 7), (FrameType.Ping, 0, 0), (FrameType.Ping, 0, 7),
        (FrameType.Ping, 0, 9), (FrameType.GoAway, 0, 0), (FrameType.GoAway, 0, 7),
            (FrameType.WindowUpdate, 0, 0), (FrameType.WindowUpdate, 0, 5),
        (FrameType.WindowUpdate, 1, 5),
    ];

    private static readonly FrameType[] Any =
    [
        FrameType.Headers, FrameType.Priority, FrameType.RstStream, FrameType.Settings, FrameType.Ping, FrameType.GoAway, FrameType.WindowUpdate,
        (FrameType)0x0f,
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Lengths, .. Oversize, .. DataPadding, .. HeadersPadding];

    private static CaseList Lengths => new CaseList("frames", "4.2.1", "RFC 9113 §4.2")
        .MustForEach(
            FixedLengths, row => $"{FrameLine.Name(row.Type)} of {row.Length} octets on stream {row.Stream}", _ => WrongLength,
            async (p, row) =>
            {
                await p.Handshake();
                if (row.Stream != 0)
                    p.Headers(row.Stream, p.Post());
                p.Frame(row.Type, 0, row.Stream, new byte[row.Length]);
                if (row.Type is FrameType.Priority)
                    await p.ExpectStreamFault(row.Stream, ErrorCode.FrameSizeError);
                else
                    await p.ExpectGoAway(ErrorCode.FrameSizeError);
            })
        .Must("PRIORITY of 4 octets on an idle stream", WrongLength, async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Priority, 0, 3, new byte[4]);
            await p.ExpectStreamFault(3, ErrorCode.FrameSizeError);
        })
        .Must("acknowledgement of 6 octets", "An acknowledgement of SETTINGS is empty.", p =>
            Exchange.ConnectionError(p, probe => probe.Frame(FrameType.Settings, FrameFlags.Ack, 0, new byte[6]), ErrorCode.FrameSizeError));

    private static CaseList Oversize => new CaseList("frames", "4.2.2", "RFC 9113 §4.2")
        .MustForEach(Any, type => $"{FrameLine.Name(type)} beyond SETTINGS_MAX_FRAME_SIZE", _ => TooLong, async (p, type) =>
        {
            await p.Handshake();
            var length = Beyond(p);
            var stream = type is FrameType.Settings or FrameType.Ping or FrameType.GoAway or FrameType.WindowUpdate or (FrameType)0x0f ? 0u : 1u;
            if (stream != 0 && type != FrameType.Headers)
                p.Headers(stream, p.Post());
            p.Octets([.. Octet.Header(length, type, 0, stream), .. new byte[length]], $"{FrameLine.Name(type)} of {length} octets");
            if (type == FrameType.Priority)
                await p.ExpectStreamFault(stream, ErrorCode.FrameSizeError);
            else
                await p.ExpectGoAway(ErrorCode.FrameSizeError);
        })
        .Must("CONTINUATION beyond SETTINGS_MAX_FRAME_SIZE", TooLong, async p =>
        {
            await p.Handshake();
            var length = Beyond(p);
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Octets([.. Octet.Header(length, FrameType.Continuation, FrameFlags.EndHeaders, 1), .. new byte[length]],
                $"CONTINUATION of {length} octets");
            await p.ExpectGoAway(ErrorCode.FrameSizeError);
        })
        .Must("header alone is enough", "An oversized frame is refused by its header, without its payload being waited for.", async p =>
        {
            await p.Handshake();
            p.Octets(Octet.Header(Beyond(p), FrameType.Ping, 0, 0), "the header of an oversized PING, and no more");
            await p.ExpectGoAway(ErrorCode.FrameSizeError);
        })
        .Must("DATA of exactly SETTINGS_MAX_FRAME_SIZE with padding",
            "Padding counts towards the frame's length, and the largest frame is taken.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.PaddedData(1, new string('x', Math.Min(p.PeerMaxFrameSize, 16384) - 1 - 100), 100, endStream: true);
            await Exchange.Taken(p);
        });

    private static CaseList DataPadding => new CaseList("frames", "6.1", "RFC 9113 §6.1")
        .Must("empty DATA with PADDED", TooShort, p => BadData(p, [], Exchange.TooShort(p)))
        .Must("padding as long as the payload", Padding, p => BadData(p, [4, 0, 0, 0], [ErrorCode.ProtocolError]))
        .Must("pad length of 1 and nothing else", Padding, p => BadData(p, [1], [ErrorCode.ProtocolError]))
        .Must("pad length of 255 in a short frame", Padding, p => BadData(p, [255, 0, 0], [ErrorCode.ProtocolError]))
        .Must("padding alone", "DATA of padding alone is taken.", p => GoodData(p, 30, ""))
        .Must("padding of 255 octets", "The longest padding is taken.", p => GoodData(p, 255, "test"))
        .Must("padding of 0 octets", "PADDED with a pad length of 0 is taken.", p => GoodData(p, 0, "test"))
        .Must("DATA on stream 0 with PADDED", "DATA on stream 0 is a connection error PROTOCOL_ERROR.", p =>
            Exchange.ConnectionError(p, probe => probe.PaddedData(0, "test", 3), ErrorCode.ProtocolError));

    private static CaseList HeadersPadding => new CaseList("frames", "6.2", "RFC 9113 §6.2")
        .Must("empty HEADERS with PADDED", TooShort, p => BadHeaders(p, FrameFlags.Padded, [], Exchange.TooShort(p)))
        .Must("HEADERS with PRIORITY and 4 octets", TooShort, p => BadHeaders(p, FrameFlags.Priority, [0, 0, 0, 0], Exchange.TooShort(p)))
        .Must("HEADERS with PADDED, PRIORITY and 5 octets", TooShort, p =>
            BadHeaders(p, FrameFlags.Padded | FrameFlags.Priority, [0, 0, 0, 0, 0], Exchange.TooShort(p)))
        .Must("padding into the priority fields", Padding, p =>
            BadHeaders(p, FrameFlags.Padded | FrameFlags.Priority, [3, 0, 0, 0, 0, 15, 0x82], [ErrorCode.ProtocolError]))
        .Must("padding one octet too long", Padding, p =>
        {
            var block = p.Get();
            return BadHeaders(p, FrameFlags.Padded, [(byte)(block.Length + 1), .. block], [ErrorCode.ProtocolError]);
        })
        .Must("padding and priority fields together", "PADDED and PRIORITY go together.", async p =>
        {
            await p.Handshake();
            p.Frame(
                FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
                [9, .. Octet.Priority(0, false, 15), .. p.Get(), .. new byte[9]]);
            await Exchange.Taken(p);
        })
        .Must("trailers with padding", "The HEADERS frame of trailers may be padded.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test");
            p.PaddedHeaders(1, FieldBlock.Of([("x-test", "ok")]), 12);
            await Exchange.Taken(p);
        });

    private static int Beyond(Probe p) => p.PeerMaxFrameSize < WireFrame.MaxLength
        ? p.PeerMaxFrameSize + 1
        : throw Probe.Skip("the server takes frames of every length that there is");

    private static async Task BadData(Probe p, byte[] payload, ErrorCode[] codes)
    {
        await p.Handshake();
        p.Headers(1, p.Post());
        p.Frame(FrameType.Data, FrameFlags.Padded, 1, payload);

        // A DATA frame of a wrong size concerns its stream alone; padding without room concerns the connection (§6.1).
        if (payload.Length == 0)
            await p.ExpectStreamFault(1, codes);
        else
            await p.ExpectGoAway(codes);
    }

    private static async Task GoodData(Probe p, byte padding, string text)
    {
        await p.Handshake();
        p.Headers(1, p.Post());
        p.PaddedData(1, text, padding);
        p.PaddedData(1, text, padding, endStream: true);
        await Exchange.Taken(p);
    }

    private static async Task BadHeaders(Probe p, FrameFlags flags, byte[] payload, ErrorCode[] codes)
    {
        await p.Handshake();
        p.Frame(FrameType.Headers, flags | FrameFlags.EndHeaders | FrameFlags.EndStream, 1, payload);

        // A field block of a wrong size concerns the connection (§4.2); of padding that is too long the RFC says only that it is an error.
        if (codes.Contains(ErrorCode.FrameSizeError))
            await p.ExpectGoAway(codes);
        else
            await p.ExpectStreamFault(1, codes);
    }
}
