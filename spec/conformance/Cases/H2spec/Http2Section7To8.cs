using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Error codes and HTTP messages: RFC 9113 §7 and §8.</summary>
internal static class Http2Section7To8
{
    private const string Malformed = "This request is malformed: a stream error PROTOCOL_ERROR.";

    public static IEnumerable<ConformanceCase> Cases =>
        [.. ErrorCodes, .. Exchange, .. Fields, .. PseudoFields, .. ConnectionFields, .. RequestPseudoFields, .. ContentLength, .. Push];

    private static CaseList ErrorCodes => new CaseList("http2", "7", "RFC 9113 §7")
        .Must("GOAWAY with an unknown code", "An unknown error code triggers nothing special.", async p =>
        {
            await p.Handshake();
            p.GoAway(0, (ErrorCode)0xff);
            p.Ping(7);
            await p.ExpectPongOrClose(7);
        })
        .Must("RST_STREAM with an unknown code", "An unknown error code triggers nothing special.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Reset(1, (ErrorCode)0xff);
            p.Ping(0);
            await p.ExpectPongOrClose();
        });

    private static CaseList Exchange => new CaseList("http2", "8.1", "RFC 9113 §8.1")
        .Must("second HEADERS without END_STREAM", "Trailers end the stream; without END_STREAM the request is malformed.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test");
            p.Headers(1, FieldBlock.Of([("x-test", "ok")]));
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        });

    private static CaseList Fields => new CaseList("http2", "8.1.2", "RFC 9113 §8.2.1")
        .Must("field name in upper case", Malformed, p => Request(p, [.. p.Fields(), ("X-TEST", "ok")]));

    private static CaseList PseudoFields => new CaseList("http2", "8.1.2.1", "RFC 9113 §8.3")
        .Must("unknown pseudo-field", Malformed, p => Request(p, [.. p.Fields(), (":test", "ok")]))
        .Must("pseudo-field of responses", Malformed, p => Request(p, [.. p.Fields(), (":status", "200")]))
        .Must("pseudo-field in trailers", Malformed, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test");
            p.Headers(1, FieldBlock.Of([(":method", "POST")]));
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        })
        .Must("pseudo-field behind a field", Malformed, p => Request(p, [("x-test", "ok"), .. p.Fields()]));

    private static CaseList ConnectionFields => new CaseList("http2", "8.1.2.2", "RFC 9113 §8.2.2")
        .Must("connection", Malformed, p => Request(p, [.. p.Fields(), ("connection", "keep-alive")]))
        .Must("te other than trailers", Malformed, p => Request(p, [.. p.Fields(), ("trailers", "test"), ("te", "trailers, deflate")]));

    private static CaseList RequestPseudoFields => new CaseList("http2", "8.1.2.3", "RFC 9113 §8.3.1")
        .Must("empty :path", Malformed, p => Request(p, [.. p.Fields(path: null), (":path", "")]))
        .Must("no :method", Malformed, p => Request(p, [.. p.Fields(method: null)]))
        .Must("no :scheme", Malformed, p => Request(p, [.. p.Fields(scheme: null)]))
        .Must("no :path", Malformed, p => Request(p, [.. p.Fields(path: null)]))
        .Must(":method twice", Malformed, p => Request(p, [.. p.Fields(), (":method", "GET")]))
        .Must(":scheme twice", Malformed, p => Request(p, [.. p.Fields(), (":scheme", p.Target.Scheme)]))
        .Must(":path twice", Malformed, p => Request(p, [.. p.Fields(), (":path", p.Target.Path)]));

    private static CaseList ContentLength => new CaseList("http2", "8.1.2.6", "RFC 9113 §8.1.1")
        .Must("content-length of 1 and 4 octets in one DATA", Malformed, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("content-length", "1")));
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        })
        .Must("content-length of 1 and 8 octets in two DATA", Malformed, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("content-length", "1")));
            p.Data(1, "test");
            p.Data(1, "test", endStream: true);
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        });

    private static CaseList Push => new CaseList("http2", "8.2", "RFC 9113 §8.4")
        .Must("PUSH_PROMISE from a client", "A client cannot push: PUSH_PROMISE is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.PushPromise(1, 3, p.Get());
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    private static async Task Request(Probe p, IEnumerable<(string, string)> fields)
    {
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(fields), endStream: true);
        await p.ExpectStreamError(ErrorCode.ProtocolError);
    }
}
