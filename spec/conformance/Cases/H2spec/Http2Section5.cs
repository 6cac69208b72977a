using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Streams: RFC 9113 §5 (RFC 7540 §5).</summary>
internal static class Http2Section5
{
    private const string SelfDependency =
        "A stream that depends on itself is an error PROTOCOL_ERROR (RFC 7540), or the dependency is ignored (RFC 9113 §5.3.2).";

    public static IEnumerable<ConformanceCase> Cases =>
        [.. States, .. Identifiers, .. Concurrency, .. Dependencies, .. ConnectionErrors, .. Extensions];

    private static CaseList States => new CaseList("http2", "5.1", "RFC 9113 §5.1")
        .Must("idle: DATA", "DATA on a stream that was never opened is an error.", async p =>
        {
            await p.Handshake();
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.ProtocolError, ErrorCode.StreamClosed);
        })
        .Must("idle: RST_STREAM", "RST_STREAM on an idle stream is a connection error PROTOCOL_ERROR.", ResetIdle)
        .Must("idle: WINDOW_UPDATE", "WINDOW_UPDATE on an idle stream is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.WindowUpdate(1, 100);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("idle: CONTINUATION", "CONTINUATION without HEADERS before it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Continuation(1, p.Get(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("half-closed (remote): DATA", "DATA after END_STREAM is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("half-closed (remote): HEADERS", "HEADERS after END_STREAM is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Request(1);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("half-closed (remote): CONTINUATION", "CONTINUATION after END_STREAM and END_HEADERS is an error.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.Continuation(1, p.Get(), endHeaders: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed, ErrorCode.ProtocolError);
        })
        .Must("closed: DATA after RST_STREAM", "DATA behind one's own RST_STREAM is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.Reset(1);
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("closed: HEADERS after RST_STREAM", "HEADERS behind one's own RST_STREAM is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.Reset(1);
            p.Request(1);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("closed: CONTINUATION after RST_STREAM", "CONTINUATION behind one's own RST_STREAM is an error.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.Reset(1);
            p.Continuation(1, p.Dummy(), endHeaders: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed, ErrorCode.ProtocolError);
        })
        .Must("closed: DATA", "DATA on a stream that both sides ended is a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectStreamEnd();
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.StreamClosed);
        })
        .Must("closed: HEADERS", "HEADERS on a stream that both sides ended is a connection error STREAM_CLOSED.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectStreamEnd();
            p.Request(1);
            await p.ExpectConnectionError(ErrorCode.StreamClosed);
        })
        .Must("closed: CONTINUATION", "CONTINUATION on a stream that both sides ended is a connection error.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectStreamEnd();
            p.Continuation(1, p.Dummy(), endHeaders: true);
            await p.ExpectConnectionError(ErrorCode.StreamClosed, ErrorCode.ProtocolError);
        });

    private static CaseList Identifiers => new CaseList("http2", "5.1.1", "RFC 9113 §5.1.1")
        .Must("even identifier", "A client opens only odd streams; an even one is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(2);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("falling identifier",
            "A new stream's identifier is above all earlier ones; a lower one is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Request(5);
            p.Request(3);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    private static CaseList Concurrency => new CaseList("http2", "5.1.2", "RFC 9113 §5.1.2")
        .Must("one stream too many", "A stream beyond SETTINGS_MAX_CONCURRENT_STREAMS is refused.", async p =>
        {
            await p.Handshake();
            if (p.PeerSetting(SettingId.MaxConcurrentStreams) is not { } limit)
                throw Probe.Skip("the server sets no SETTINGS_MAX_CONCURRENT_STREAMS");
            p.Settings(SettingId.InitialWindowSize, 0);
            for (var i = 0u; i <= limit; i++)
                p.Request((i * 2) + 1);
            await p.ExpectStreamError(ErrorCode.ProtocolError, ErrorCode.RefusedStream);
        });

    private static CaseList Dependencies => new CaseList("http2", "5.3.1", "RFC 7540 §5.3.1", Edition.Rfc7540)
        .Must("HEADERS that depends on itself", SelfDependency, p =>
            DependsOnItself(p, () => p.PrioritizedHeaders(1, p.Get(), dependency: 1)))
        .Must("PRIORITY that depends on itself", SelfDependency, p => DependsOnItself(p, () => p.Priority(1, dependency: 1)));

    private static CaseList ConnectionErrors => new CaseList("http2", "5.4.1", "RFC 9113 §5.4.1")
        .Must("close after an error", "After a connection error the TCP connection is closed.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 3, new byte[8]);
            await p.ExpectClose();
        })
        .ShouldStrict("GOAWAY before the close", "A connection error is first told with GOAWAY.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 3, new byte[8]);
            await p.ExpectFrame(FrameType.GoAway);
        });

    private static CaseList Extensions => new CaseList("http2", "5.5", "RFC 9113 §5.5")
        .Must("extension frame", "A frame of unknown type is ignored.", Http2Section3To4.UnknownFrameIsIgnored)
        .Must("extension frame inside a field block",
            "A frame of unknown type inside a field block is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get(), endStream: true, endHeaders: false);
            p.Frame((FrameType)0x16, 0, 0, new byte[8]);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    /// <summary>
    /// By RFC 7540 this is an error. RFC 9113 §5.3.2 leaves it to the server, so it is judged only when RFC 7540 alone was asked for.
    /// </summary>
    private static async Task DependsOnItself(Probe p, Action send)
    {
        await p.Handshake();
        send();
        if (p.Options.Edition == Edition.Rfc7540)
        {
            await p.ExpectStreamError(ErrorCode.ProtocolError);
            return;
        }
        p.Request(3);
        var next = await p.Response(3);
        var isError = p.On(1).Reset is ErrorCode.ProtocolError || next.GoAway is ErrorCode.ProtocolError || next.Closed;
        var isIgnored = p.On(1).Reset is null or ErrorCode.NoError && next.Status is not null;
        if (!isError && !isIgnored)
            throw Probe.Fail("the dependency ignored, or an error PROTOCOL_ERROR", $"{p.On(1)}; on the next stream {next}");
    }

    /// <summary>Shared with <c>http2/6.4/2</c>.</summary>
    public static async Task ResetIdle(Probe p)
    {
        await p.Handshake();
        p.Reset(1);
        await p.ExpectConnectionError(ErrorCode.ProtocolError);
    }
}
