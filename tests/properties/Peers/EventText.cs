using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Connections;

/// <summary>Events as text, with everything they say: what two runs have to agree on.</summary>
internal static class EventText
{
    public static string Of(ConnectionEvent e) => e switch
    {
        ConnectionEvent.RequestReceived r => $"request {r.Id} {Fields(r.Head.Fields)} end={r.EndStream}",
        ConnectionEvent.InformationalReceived r => $"informational {r.Id} {Fields(r.Head.Fields)}",
        ConnectionEvent.ResponseReceived r => $"response {r.Id} {Fields(r.Head.Fields)} end={r.EndStream}",
        ConnectionEvent.DataReceived d => $"data {d.Id} {Convert.ToHexStringLower(d.Data.Span)} end={d.EndStream}",
        ConnectionEvent.TrailersReceived t => $"trailers {t.Id} {Fields(t.Fields)}",
        ConnectionEvent.PushPromised p => $"promise {p.Id} {p.Promised} {Fields(p.Head.Fields)}",
        ConnectionEvent.SettingsReceived s => $"settings {string.Join(' ', s.Settings)}",
        ConnectionEvent.GoAwayReceived g => $"goaway {g.LastStreamId} {g.Code} {g.Debug.ToHex()}",
        _ => e.ToString(),
    };

    private static string Fields(FieldList fields) => string.Join('|', fields.ToFields());
}
