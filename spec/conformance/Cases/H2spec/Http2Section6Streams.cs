using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Frames that belong to streams: RFC 9113 §6.1 to §6.4 and §6.10.</summary>
internal static class Http2Section6Streams
{
    public static IEnumerable<ConformanceCase> Cases => [.. Data, .. Headers, .. Priority, .. Reset, .. Continuation];

    private static CaseList Data => new CaseList("http2", "6.1", "RFC 9113 §6.1")
        .Must("DATA on stream 0", "DATA belongs to a stream; on stream 0 it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Data(0, "test", endStream: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("DATA on a stream that is not open", "DATA after END_STREAM is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(), endStream: true);
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("DATA padded beyond its length", "Padding as long as the payload or longer is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("content-length", "4")));
            p.Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, 1, 6, (byte)'T', (byte)'e', (byte)'s', (byte)'t');
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    private static CaseList Headers => new CaseList("http2", "6.2", "RFC 9113 §6.2")
        .Must("PRIORITY behind HEADERS without END_HEADERS",
            "Only CONTINUATION of the same stream follows HEADERS without END_HEADERS.", Http2Section3To4.PriorityInsideBlock)
        .Must("HEADERS behind HEADERS without END_HEADERS",
            "Only CONTINUATION of the same stream follows HEADERS without END_HEADERS.", Http2Section3To4.OtherHeadersInsideBlock)
        .Must("HEADERS on stream 0", "HEADERS belongs to a stream; on stream 0 it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(0);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("HEADERS padded beyond its length", "Padding longer than what is left for the field block is a PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            var block = p.Get();
            p.Frame(
                FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [(byte)(block.Length + 2), .. block]);
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        });

    private static CaseList Priority => new CaseList("http2", "6.3", "RFC 9113 §6.3")
        .Must("PRIORITY on stream 0", "PRIORITY on stream 0 is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Priority(0);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("PRIORITY of 4 octets", "PRIORITY of another length than 5 is a FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Frame(FrameType.Priority, 0, 1, 0x80, 0, 0, 1);
            await p.ExpectStreamError(ErrorCode.FrameSizeError);
        });

    private static CaseList Reset => new CaseList("http2", "6.4", "RFC 9113 §6.4")
        .Must("RST_STREAM on stream 0", "RST_STREAM on stream 0 is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Reset(0);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("RST_STREAM on an idle stream", "RST_STREAM on an idle stream is a connection error PROTOCOL_ERROR.", Http2Section5.ResetIdle)
        .Must("RST_STREAM of 3 octets", "RST_STREAM of another length than 4 is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Frame(FrameType.RstStream, 0, 1, 0, 0, 0);
            await p.ExpectStreamError(ErrorCode.FrameSizeError);
        });

    private static CaseList Continuation => new CaseList("http2", "6.10", "RFC 9113 §6.10")
        .Must("CONTINUATIONs behind HEADERS", "Any number of CONTINUATION frames may carry a field block on.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Continuation(1, p.Dummy(), endHeaders: false);
            p.Continuation(1, p.Dummy(), endHeaders: true);
            await p.ExpectHeaders(1);
        })
        .Must("DATA behind CONTINUATION without END_HEADERS", "Only CONTINUATION follows while a field block is open.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(), endHeaders: false);
            p.Continuation(1, p.Dummy(), endHeaders: false);
            p.Data(1, "test", endStream: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("CONTINUATION on stream 0", "CONTINUATION on stream 0 is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Continuation(0, p.Dummy(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("CONTINUATION behind HEADERS with END_HEADERS",
            "CONTINUATION without an open field block is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Continuation(1, p.Dummy(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("CONTINUATION behind CONTINUATION with END_HEADERS",
            "CONTINUATION without an open field block is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Continuation(1, p.Dummy(), endHeaders: true);
            p.Continuation(1, p.Dummy(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("CONTINUATION behind DATA", "CONTINUATION without an open field block is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(), endHeaders: false);
            p.Data(1, "test", endStream: true);
            p.Continuation(1, p.Dummy(), endHeaders: false);
            p.Continuation(0, p.Dummy(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });
}
