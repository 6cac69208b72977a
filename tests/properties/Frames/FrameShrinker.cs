using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Frames;

/// <summary>Simpler frames of the same type that break no rule either: without padding, priority and flags, and with less of what they carry.</summary>
internal static class FrameShrinker
{
    private const int EntrySize = 6;

    public static IEnumerable<Frame> Simpler(Frame frame) => frame switch
    {
        Frame.Data { Payload: var p } f =>
            If(p.Padding is not null, p with { Padding = null }).Concat(Less(p.Data).Select(data => p with { Data = data }))
                .Select(payload => f with { Payload = payload }),
        Frame.Headers { Payload: var p } f =>
            If(p.Padding is not null, p with { Padding = null }).Concat(If(p.Priority is not null, p with { Priority = null }))
                .Concat(Less(p.Fragment).Select(block => p with { Fragment = block }))
                .Select(payload => f with { Payload = payload }),
        Frame.PushPromise { Payload: var p } f =>
            If(p.Padding is not null, p with { Padding = null }).Concat(Less(p.Fragment).Select(block => p with { Fragment = block }))
                .Select(payload => f with { Payload = payload }),
        Frame.Settings { Payload.Entries: var entries } f => If(!entries.IsEmpty, entries.Slice(0, entries.Length / EntrySize / 2 * EntrySize))
            .Select(fewer => f with { Payload = new SettingsPayload(fewer) }),
        Frame.GoAway { Payload: var p } f => Less(p.Debug).Select(debug => f with { Payload = p with { Debug = debug } }),
        Frame.Continuation { Payload.Fragment: var block } f =>
            Less(block).Select(less => f with { Payload = new ContinuationPayload(less) }),
        Frame.Unknown { Payload.Body: var body } f =>
            Less(body).Select(less => f with { Payload = new UnknownPayload(less) }),
        _ => [],
    };

    private static IEnumerable<T> If<T>(bool applies, T simpler) => applies ? [simpler] : [];

    private static IEnumerable<Octets> Less(Octets octets) =>
        octets.IsEmpty ? [] : [octets.Slice(0, octets.Length / 2), octets.Slice(1, octets.Length - 1)];
}
