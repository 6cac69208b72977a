using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Prefaces and frames: RFC 9113 §3.4 and §4 (RFC 7540 §3.5 and §4).</summary>
internal static class Http2Section3To4
{
    public static IEnumerable<ConformanceCase> Cases => [.. Preface, .. Format, .. Size, .. Compression];

    private static CaseList Preface => new CaseList("http2", "3.5", "RFC 9113 §3.4")
        .Must("client preface", "The first frame that a server sends is SETTINGS.", GenericStreams.FirstFrameIsSettings)
        .Must("wrong client preface", "A preface that is none ends the connection.", async p =>
        {
            p.Octets("INVALID CONNECTION PREFACE\r\n\r\n"u8, "a preface that is none");
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    private static CaseList Format => new CaseList("http2", "4.1", "RFC 9113 §4.1")
        .Must("frame of unknown type", "A frame of unknown type is ignored.", UnknownFrameIsIgnored)
        .Must("undefined flags", "Flags that a type does not define are ignored.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, (FrameFlags)0x16, 0, new byte[8]);
            await p.ExpectFrame(FrameType.Ping);
        })
        .Must("reserved bit", "The reserved bit of the stream identifier is ignored.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, (FrameFlags)0x16, 0x80000000, new byte[8]);
            await p.ExpectFrame(FrameType.Ping);
        });

    private static CaseList Size => new CaseList("http2", "4.2", "RFC 9113 §4.2")
        .Must("DATA as long as allowed", "A frame of SETTINGS_MAX_FRAME_SIZE octets is taken.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, Octet.Fill(p.PeerMaxFrameSize), endStream: true);
            await p.ExpectHeaders(1);
        })
        .Must("DATA too long", "DATA beyond SETTINGS_MAX_FRAME_SIZE is a FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            var length = LengthBeyond(p);
            p.Headers(1, p.Post());
            p.Data(1, Octet.Fill(length), endStream: true);
            await p.ExpectStreamError(ErrorCode.FrameSizeError);
        })
        .Must("HEADERS too long", "HEADERS beyond SETTINGS_MAX_FRAME_SIZE is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            var length = LengthBeyond(p);
            var block = p.Get();
            p.Headers(1, [.. block, .. Padding(length - block.Length)], endStream: true);
            await p.ExpectConnectionError(ErrorCode.FrameSizeError);
        });

    private static CaseList Compression => new CaseList("http2", "4.3", "RFC 9113 §4.3")
        .Must("field block that ends inside a literal",
            "A block that cannot be decoded is a connection error COMPRESSION_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, [0x40], endStream: true);
            await p.ExpectConnectionError(ErrorCode.CompressionError);
        })
        .Must("PRIORITY inside a field block", "Nothing comes between the frames of a field block.", PriorityInsideBlock)
        .Must("HEADERS of another stream inside a field block",
            "Nothing comes between the frames of a field block.", OtherHeadersInsideBlock);

    /// <summary>
    /// The payload length that is one octet too long for the server. When the server announced 2^24-1, no frame is too long.
    /// </summary>
    private static int LengthBeyond(Probe p) => p.PeerMaxFrameSize < WireFrame.MaxLength
        ? p.PeerMaxFrameSize + 1
        : throw Probe.Skip("the server takes frames of every length that there is");

    /// <summary>A block of literal fields without indexing that has this many octets.</summary>
    private static byte[] Padding(int octets)
    {
        var block = new FieldBlock();
        while (octets - block.Length > 4)
            block.Literal(LiteralKind.Plain, "x", new string('x', Math.Min(120, octets - block.Length - 4)));
        return [.. block.ToArray(), .. Octet.Fill(octets - block.Length, 0x82)];
    }

    public static async Task UnknownFrameIsIgnored(Probe p)
    {
        await p.Handshake();
        p.Frame((FrameType)0x16, 0, 0, new byte[8]);
        p.Ping(0);
        await p.ExpectPong();
    }

    /// <summary>Shared with <c>http2/6.2/1</c>.</summary>
    public static async Task PriorityInsideBlock(Probe p)
    {
        await p.Handshake();
        p.Headers(1, p.Get(), endHeaders: false);
        p.Priority(1);
        p.Continuation(1, p.Dummy(), endHeaders: true);
        await p.ExpectConnectionError(ErrorCode.ProtocolError);
    }

    /// <summary>Shared with <c>http2/6.2/2</c>.</summary>
    public static async Task OtherHeadersInsideBlock(Probe p)
    {
        await p.Handshake();
        p.Headers(1, p.Get(), endHeaders: false);
        p.Headers(3, p.Get(), endStream: true);
        p.Continuation(1, p.Dummy(), endHeaders: true);
        await p.ExpectConnectionError(ErrorCode.ProtocolError);
    }
}
