using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Extended CONNECT: RFC 8441.</summary>
internal static class WebSocketCases
{
    private const string Malformed = "This request is malformed: a stream error PROTOCOL_ERROR, or a response 400.";

    public static IEnumerable<ConformanceCase> Cases => [.. Setting, .. Connect];

    private static CaseList Setting => new CaseList("websocket", "3", "RFC 8441 §3", Edition.Rfc9113)
        .Should("ENABLE_CONNECT_PROTOCOL of 2", "The setting is 0 or 1; else it is a connection error PROTOCOL_ERROR.", p =>
            Exchange.ConnectionError(p, probe => probe.Settings(SettingId.EnableConnectProtocol, 2), ErrorCode.ProtocolError))
        .Must("ENABLE_CONNECT_PROTOCOL of 1", "From a client the setting means nothing and is taken.", p =>
            Exchange.Tolerated(p, probe => probe.Settings(SettingId.EnableConnectProtocol, 1)))
        .Must("the server does not take it back", "A server that announced 1 does not announce 0 later.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            await p.ExpectTolerated();
            var values = p.PeerSettings.Where(setting => setting.Id == SettingId.EnableConnectProtocol)
                .Select(setting => setting.Value).ToList();
            if (values.Contains(1u) && values[^1] == 0)
                throw Probe.Fail("1 to the end", string.Join(", ", values));
        });

    private static CaseList Connect => new CaseList("websocket", "4", "RFC 8441 §4", Edition.Rfc9113)
        .Must(":protocol with GET", Malformed, p => Exchange.Malformed(p, [.. p.Fields(), (":protocol", "websocket")]))
        .Must(":protocol twice",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(method: "CONNECT"), (":protocol", "websocket"), (":protocol", "websocket")]))
        .Must(":protocol in trailers", Malformed, p => Exchange.MalformedTrailers(p, (":protocol", "websocket")))
        .Must(":protocol without the setting", ":protocol may be used only when the server announced it.", async p =>
        {
            await p.Handshake();
            if (p.PeerSetting(SettingId.EnableConnectProtocol) is 1)
            {
                // The server announced extended CONNECT, so the request is no error and gets some answer.
                p.Headers(1, FieldBlock.Of([.. p.Fields(method: "CONNECT"), (":protocol", "x-unknown")]));
                var response = await p.Response(1);
                if (response.Status is null && response.Reset is null)
                    throw Probe.Fail("a response or RST_STREAM", response.ToString());
                return;
            }
            p.Headers(1, FieldBlock.Of([.. p.Fields(method: "CONNECT"), (":protocol", "websocket")]));
            await p.ExpectMalformed();
        })
        .Must(":protocol without :path",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(method: "CONNECT", path: null), (":protocol", "websocket")]))
        .Must(":protocol without :scheme",
            Malformed, p => Exchange.Malformed(p, [.. p.Fields(method: "CONNECT", scheme: null), (":protocol", "websocket")]));
}
