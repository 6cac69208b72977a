using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Request pseudo-fields and CONNECT: RFC 9113 §8.3 and §8.5.</summary>
internal static class RequestCases
{
    private const string Malformed = "This request is malformed: a stream error PROTOCOL_ERROR, or a response 400.";

    private static readonly (string Title, string Path)[] BadPaths =
    [
        (":path without a slash", "index.html"), (":path in absolute form", "http://localhost/"), (":path of a query alone", "?a=b"),
        ("* in :path of a GET", "*"), (":path with a space", "/a b"), (":path with NUL", "/a\0b"), (":path with LF", "/a\nb"),
        (":path with CR", "/a\rb"), (":path with TAB", "/a\tb"), (":path with a space at the end", "/a "),
    ];

    private static readonly (string Title, string Method)[] BadMethods =
    [
        ("empty :method", ""), (":method with a space", "GET /"), (":method with LF", "GE\nT"), (":method with NUL", "GET\0"),
        (":method with a colon", "GE:T"),
    ];

    private static readonly (string Title, string Scheme)[] BadSchemes =
        [("empty :scheme", ""), (":scheme with a space", "ht tp"), (":scheme with LF", "http\n"),
            (":scheme that begins with a digit", "1http")];

    private static readonly (string Title, string Authority)[] BadAuthorities =
    [
        (":authority with userinfo", "user@localhost"), (":authority with user and password", "user:secret@localhost"),
        (":authority with a space", "local host"), (":authority with LF", "localhost\n"), (":authority with a slash", "localhost/x"),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Pseudo, .. Request, .. Connect];

    private static CaseList Pseudo => new CaseList("requests", "8.3", "RFC 9113 §8.3")
        .Must("no pseudo-fields at all", Malformed, p => Exchange.Malformed(p, ("x-test", "ok")))
        .Must("empty field block", Malformed, p => Exchange.Malformed(p))
        .Must("unknown pseudo-field among the others",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(path: null), (":foo", "bar"), (":path", "/")]))
        .Must("a colon alone as name", Malformed, p => Exchange.Malformed(p, [.. p.Fields(), (":", "ok")]))
        .Must("pseudo-field in upper case", Malformed, p => Exchange.Malformed(p, [.. p.Fields(method: null), (":Method", "GET")]))
        .Must("pseudo-field between fields",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(authority: null), ("x-test", "ok"), (":authority", "localhost")]))
        .Must(":path in trailers", Malformed, p => Exchange.MalformedTrailers(p, (":path", "/")))
        .Must(":status in trailers", Malformed, p => Exchange.MalformedTrailers(p, (":status", "200")))
        .Must("unknown pseudo-field in trailers", Malformed, p => Exchange.MalformedTrailers(p, ("x-test", "ok"), (":foo", "bar")))
        .Must("pseudo-fields in another order",
            "The order of pseudo-fields among themselves is free.", p => Exchange.Sound(p, p.Fields().AsEnumerable().Reverse()));

    private static CaseList Request => new CaseList("requests", "8.3.1", "RFC 9113 §8.3.1", Edition.Rfc9113)
        .MustForEach(BadPaths, row => row.Title, _ => Malformed, (p, row) =>
            Exchange.Malformed(p, [.. p.Fields(path: null), (":path", row.Path)]))
        .MustForEach(BadMethods, row => row.Title, _ => Malformed, (p, row) =>
            Exchange.Malformed(p, [.. p.Fields(method: null), (":method", row.Method)]))
        .MustForEach(BadSchemes, row => row.Title, _ => Malformed, (p, row) =>
            Exchange.Malformed(p, [.. p.Fields(scheme: null), (":scheme", row.Scheme)]))
        .MustForEach(BadAuthorities, row => row.Title, _ => Malformed, (p, row) =>
            Exchange.Malformed(p, [.. p.Fields(authority: null), (":authority", row.Authority)]))
        .Must(":authority twice", Malformed, p => Exchange.Malformed(p, [.. p.Fields(), (":authority", p.Target.Authority)]))
        .Should("host other than :authority", "A host field that names another server than :authority makes the request malformed.", p =>
            Exchange.Malformed(p, [.. p.Fields(), ("host", "elsewhere.example")]))
        .Must("two host fields",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(authority: null), ("host", "a.example"), ("host", "b.example")]))
        .Must("host the same as :authority", "A host field that says what :authority says is taken.", p =>
            Exchange.Sound(p, [.. p.Fields(), ("host", p.Target.Authority)]))
        .Must("host instead of :authority", "A request may have host instead of :authority.", p =>
            Exchange.Sound(p, [.. p.Fields(authority: null), ("host", p.Target.Authority)]))
        .Must("OPTIONS *", "The asterisk form is taken with OPTIONS.", p => Exchange.Sound(p, p.Fields(method: "OPTIONS", path: "*")))
        .Must("path with a query", "A query is taken.", p => Exchange.Sound(p, p.Fields(path: p.Target.Path + "?a=b&c=%20")))
        .Must("method of one's own", "A method that the server does not know is answered, not faulted.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "BREW")), endStream: true);
            await p.ExpectAnswered(1);
        })
        .Must("scheme in another case", "Schemes are taken without regard to case, or refused in order.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(scheme: p.Target.Scheme.ToUpperInvariant())), endStream: true);
            var response = await p.Response(1);
            if (response.Status is null && response.Reset is not ErrorCode.ProtocolError && response.GoAway is not ErrorCode.ProtocolError)
                throw Probe.Fail("a response, or RST_STREAM with PROTOCOL_ERROR", response.ToString());
        });

    private static CaseList Connect => new CaseList("requests", "8.5", "RFC 9113 §8.5")
        .Must("CONNECT with :scheme", Malformed, p => Exchange.Malformed(p, p.Fields(method: "CONNECT", path: null)))
        .Must("CONNECT with :path", Malformed, p => Exchange.Malformed(p, p.Fields(method: "CONNECT", scheme: null)))
        .Must("CONNECT with :scheme and :path", Malformed, p => Exchange.Malformed(p, p.Fields(method: "CONNECT")))
        .Must("CONNECT without :authority",
            Malformed, p => Exchange.Malformed(p, p.Fields(method: "CONNECT", scheme: null, path: null, authority: null)))
        .Must("CONNECT", "A well-formed CONNECT is answered or reset, and the connection goes on.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "CONNECT", scheme: null, path: null, authority: "127.0.0.1:9")), endStream: true);
            var response = await p.Response(1);
            if (response.Status is null && response.Reset is null)
                throw Probe.Fail("a response or RST_STREAM", response.ToString());
            await p.ExpectTolerated();
        });
}
