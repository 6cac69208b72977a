namespace Http2.Conformance;

/// <summary>Requests for an origin that the connection is not for: RFC 9110 §7.4.</summary>
internal static class OriginCases
{
    public static IEnumerable<ConformanceCase> Cases => new CaseList("requests", "7.4", "RFC 9110 §7.4")
        .Must("https over cleartext", "A request for an https resource is refused unless it came over TLS, or from a gateway.", p =>
        {
            if (p.Target.Tls)
                throw Probe.Skip("only over cleartext");
            return Refused(p, "https", p.Target.Authority);
        })
        .Must("a host that the certificate does not have",
            "Over TLS a host that neither the handshake named nor the certificate has is refused, best with 421.", p =>
        {
            if (!p.Target.Tls)
                throw Probe.Skip("only over TLS");
            return Refused(p, "https", "elsewhere.invalid");
        })
        .Must("OPTIONS of the whole server", "OPTIONS * is answered, and not as a path that there is not.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "OPTIONS", path: "*")), endStream: true);
            var response = await p.ExpectAnswered(1);
            if (response.Status is 400 or 404)
                throw Probe.Fail("a response for the whole server", response.ToString());
        });

    private static async Task Refused(Probe p, string scheme, string authority)
    {
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(p.Fields(scheme: scheme, authority: authority)), endStream: true);
        var response = await p.Response(1);
        if (response.Reset is null && response.Status is null or < 400 or >= 500)
            throw Probe.Fail("421, another 4xx, or RST_STREAM", response.ToString());
        // The server judges the request and keeps the connection.
        await p.ExpectRequestAnswered(3);
    }
}
