using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Prefaces, unknown types, flags and bits without meaning, and the order of frames: RFC 9113 §3.4, §4.1, §5.5 and §6.10.
/// </summary>
internal static class FrameRuleCases
{
    private const string FirstFrame = "The first frame of a client is SETTINGS; anything else is a connection error PROTOCOL_ERROR.";
    private const string Interrupted =
        "Nothing but CONTINUATION comes inside a field block; anything else is a connection error PROTOCOL_ERROR.";

    private static readonly (FrameType Type, uint Stream, int Length)[] Unknown =
    [
        ((FrameType)0x0a, 0, 0), ((FrameType)0x0b, 0, 12), ((FrameType)0x0c, 0, 7), ((FrameType)0x0d, 0, 1), ((FrameType)0x0e, 3, 100),
        ((FrameType)0x0f, 0, 16384), ((FrameType)0x20, 5, 8), ((FrameType)0x7f, 0, 3), ((FrameType)0xff, 0, 8), ((FrameType)0xff, 2, 0),
    ];

    private static readonly (string Title, FrameType Type, uint Stream, byte[] Payload)[] Interruptions =
    [
        ("DATA", FrameType.Data, 1, [1]), ("RST_STREAM", FrameType.RstStream, 1, [0, 0, 0, 8]), ("SETTINGS", FrameType.Settings, 0, []),
        ("PING", FrameType.Ping, 0, new byte[8]), ("GOAWAY", FrameType.GoAway, 0, new byte[8]),
            ("WINDOW_UPDATE", FrameType.WindowUpdate, 0, [0, 0, 0, 1]),
        ("WINDOW_UPDATE of the stream", FrameType.WindowUpdate, 1, [0, 0, 0, 1]), ("HEADERS of the stream", FrameType.Headers, 1, [0x82]),
        ("CONTINUATION of another stream", FrameType.Continuation, 3, [0x82]), ("a frame of unknown type", (FrameType)0xf0, 1, [1, 2]),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Preface, .. Format, .. Extensions, .. Blocks];

    private static CaseList Preface => new CaseList("frames", "3.4", "RFC 9113 §3.4")
        .Must("PING as first frame", FirstFrame, p => First(p, probe => probe.Ping(1)))
        .Must("HEADERS as first frame", FirstFrame, p => First(p, probe => probe.Request(1)))
        .Must("WINDOW_UPDATE as first frame", FirstFrame, p => First(p, probe => probe.WindowUpdate(0, 1)))
        .Must("acknowledgement as first frame", FirstFrame, p => First(p, probe => probe.SettingsAck()))
        .Must("unknown type as first frame", FirstFrame, p => First(p, probe => probe.Frame((FrameType)0xf0, 0, 0, 1)))
        .Must("preface wrong in its last octet", "A preface that is not exactly right ends the connection.", async p =>
        {
            p.Octets("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX"u8, "a preface wrong in its last octet");
            p.Settings();
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("preface octet by octet", "The preface may arrive in pieces of any size.", async p =>
        {
            await p.Connect();
            foreach (var octet in Octet.Magic.ToArray())
            {
                p.Octets([octet], "one octet of the preface");
                await p.Flush();
            }
            await p.HandshakeAfterMagic();
            await p.ExpectRequestAnswered(1);
        })
        .Must("request with the preface", "A client need not wait for the server's SETTINGS before it sends.", async p =>
        {
            p.Magic();
            p.Settings();
            p.Request(1);
            await p.ExpectAnswered(1);
        })
        .Must("frames octet by octet", "Frames may arrive in pieces of any size.", async p =>
        {
            await p.Handshake();
            foreach (var octet in Octet.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, p.Get()))
            {
                p.Octets([octet], "one octet of a frame");
                await p.Flush();
            }
            await p.ExpectAnswered(1);
        });

    private static CaseList Format => new CaseList("frames", "4.1", "RFC 9113 §4.1")
        .Must("undefined flags on SETTINGS",
            "Flags without meaning are ignored.", p => Exchange.Tolerated(p, probe => probe.Frame(FrameType.Settings, (FrameFlags)0xfe, 0)))
        .Must("undefined flags on HEADERS", "Flags without meaning are ignored.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Headers, (FrameFlags)0xd7, 1, p.Get());
            await Exchange.Taken(p);
        })
        .Must("undefined flags on DATA", "Flags without meaning are ignored.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Frame(FrameType.Data, (FrameFlags)0xf7, 1, [(byte)'x']);
            await Exchange.Taken(p);
        })
        .Must("undefined flags on WINDOW_UPDATE", "Flags without meaning are ignored.", p =>
            Exchange.Tolerated(p, probe => probe.Frame(FrameType.WindowUpdate, (FrameFlags)0xff, 0, Octet.UInt32(1))))
        .Must("reserved bit of a WINDOW_UPDATE", "The reserved bit of the increment is ignored.", p =>
            Exchange.Tolerated(p, probe => probe.Frame(FrameType.WindowUpdate, 0, 0, Octet.UInt32(0x80000001))))
        .Must("reserved bit of HEADERS' stream", "The reserved bit of the stream identifier is ignored.", async p =>
        {
            await p.Handshake();
            p.Octets(Octet.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 0x80000001, p.Get()),
                "HEADERS with the reserved bit");
            await Exchange.Taken(p);
        })
        .Must("reserved bit of GOAWAY's last stream", "The reserved bit of the last stream identifier is ignored.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Frame(FrameType.GoAway, 0, 0, [.. Octet.UInt32(0x80000000), .. Octet.UInt32(0)]);
            await p.ExpectAnswered(1);
        })
        .Must("flags, reserved bits and padding that the server sends",
            "Undefined flags and reserved bits are left unset, and padding is zeros.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Fence();
            var pong = false;
            while (!p.On(1).Ended || !pong)
            {
                var (outcome, frame) = await p.Next();
                if (outcome != ReadOutcome.Frame)
                    throw Probe.Fail("a response", outcome.ToString());
                pong |= frame is { Type: FrameType.Ping, IsAck: true };
                if ((frame.Flags & ~frame.Defined) != 0 || frame.Reserved || frame.Padding.Span.ContainsAnyExcept((byte)0))
                    throw Probe.Fail("no undefined flags, no reserved bit, padding of zeros", FrameLine.Of(frame));
            }
        });

    private static CaseList Extensions => new CaseList("frames", "5.5", "RFC 9113 §5.5")
        .MustForEach(
            Unknown, row => $"type 0x{(byte)row.Type:x2}, {row.Length} octets, stream {row.Stream}",
                _ => "A frame of unknown type is ignored.",
            (p, row) => Exchange.Tolerated(p, probe => probe.Frame(row.Type, (FrameFlags)0xff, row.Stream, new byte[row.Length])))
        .Must("every unassigned type", "Frames of every unassigned type are ignored.", async p =>
        {
            await p.Handshake();
            for (var type = 0x11; type <= 0xff; type++)
                p.Frame((FrameType)type, 0, 0, (byte)type);
            await p.ExpectTolerated();
            await p.ExpectRequestAnswered(1);
        })
        .Must("unknown type on an open stream", "A frame of unknown type between DATA frames is ignored.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "te");
            p.Frame((FrameType)0xf1, (FrameFlags)1, 1, 1, 2, 3);
            p.Data(1, "st", endStream: true);
            await Exchange.Taken(p);
        })
        .Must("unknown error code", "An unknown code in RST_STREAM is nothing special.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Reset(1, (ErrorCode)0xdeadbeef);
            await p.ExpectTolerated();
            await p.ExpectRequestAnswered(3);
        });

    private static CaseList Blocks => new CaseList("frames", "6.10", "RFC 9113 §6.10")
        .MustForEach(Interruptions, row => $"{row.Title} inside a field block", _ => Interrupted, async (p, row) =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Frame(row.Type, row.Type == FrameType.Continuation ? FrameFlags.EndHeaders : 0, row.Stream, row.Payload);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("PUSH_PROMISE inside a field block", Interrupted, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.PushPromise(1, 2, p.Get());
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("empty HEADERS, then CONTINUATION", "The first fragment may be empty.", async p =>
        {
            await p.Handshake();
            p.Headers(1, [], endStream: true, endHeaders: false);
            p.Continuation(1, p.Get(), endHeaders: true);
            await Exchange.Taken(p);
        })
        .Must("empty CONTINUATION at the end", "The last fragment may be empty.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Continuation(1, [], endHeaders: true);
            await Exchange.Taken(p);
        })
        .Must("field block cut inside a Huffman string", "Fragments are joined before they are decoded.", async p =>
        {
            await p.Handshake();
            byte[] block = [.. p.Get(), .. Convert.FromHexString("0085f2b24a84ff849c48aca4")];
            p.Headers(1, block.AsSpan(0, block.Length - 2), endStream: true, endHeaders: false);
            p.Continuation(1, block.AsSpan(block.Length - 2, 1), endHeaders: false);
            p.Continuation(1, block.AsSpan(block.Length - 1), endHeaders: true);
            await Exchange.Taken(p);
        })
        .Must("PUSH_PROMISE on an open stream", "A client cannot push: PUSH_PROMISE is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.PushPromise(1, 2, p.Get());
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        });

    private static async Task First(Probe p, Action<Probe> send)
    {
        p.Magic();
        send(p);
        p.Settings();
        await p.ExpectGoAway(ErrorCode.ProtocolError);
    }
}
