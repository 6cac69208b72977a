using System.Text;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <content>Frames and events as short lines.</content>
internal sealed partial class Rig
{
    private string Show(Frame frame) => frame switch
    {
        Frame.Data data => $"DATA {data.StreamId}{End(data)} {Text(data.Payload.Data)}",
        Frame.Headers headers => $"HEADERS {headers.StreamId}{End(headers)} {Text(headers, headers.Payload.Fragment)}",
        Frame.PushPromise promise =>
            $"PUSH_PROMISE {promise.StreamId} {promise.Payload.Promised} {Text(promise, promise.Payload.Fragment)}",
        Frame.Continuation more => $"CONTINUATION {more.StreamId} {more.Payload.Fragment.Length}",
        Frame.RstStream reset => $"RST_STREAM {reset.StreamId} {reset.Payload.Code}",
        Frame.Settings { Flags: FrameFlags.Ack } => "SETTINGS ack",
        Frame.Settings settings => "SETTINGS" + string.Concat(
            Enumerable.Range(0, settings.Payload.Count).Select(i => $" {settings.Payload[i].Id}={settings.Payload[i].Value}")),
        Frame.Ping ping => $"PING{(ping.Flags == FrameFlags.Ack ? " ack" : "")} {ping.Payload.Opaque}",
        Frame.GoAway away => $"GOAWAY {away.Payload.LastStreamId} {away.Payload.Code}",
        Frame.WindowUpdate update => $"WINDOW_UPDATE {update.StreamId} {update.Payload.Increment}",
        _ => frame.ToString(),
    };

    private static string End(Frame frame) => frame.Flags.HasFlag(FrameFlags.EndStream) ? " end" : "";

    // long bodies are shown by their length
    private static string Text(Octets octets) => octets.Length <= 40 ? octets.ToString() : $"({octets.Length})";

    private string Text(Frame frame, Octets fragment)
    {
        if (!frame.Flags.HasFlag(FrameFlags.EndHeaders))
            return $"({fragment.Length})";
        var error = HpackDecoder.Decode(_decoder, fragment.Span, int.MaxValue, _arena, out var fields, out _decoder);
        Assert.Equal(HpackErrorKind.None, error.Kind);
        return string.Join(' ', fields.ToFields().Select(field => $"{field.Name}={field.Value}"));
    }

    private static string Show(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.RequestReceived e =>
            $"request {e.Id}{(e.EndStream ? " end" : "")} {Encoding.ASCII.GetString(e.Head.Method)} "
            + Encoding.ASCII.GetString(e.Head.Path),
        ConnectionEvent.InformationalReceived e => $"informational {e.Id} {e.Head.Status}",
        ConnectionEvent.ResponseReceived e => $"response {e.Id}{(e.EndStream ? " end" : "")} {e.Head.Status}",
        ConnectionEvent.DataReceived e => $"data {e.Id}{(e.EndStream ? " end" : "")} {Text(new Octets(e.Data))}",
        ConnectionEvent.TrailersReceived e =>
            $"trailers {e.Id} {string.Join(' ', e.Fields.ToFields().Select(f => $"{f.Name}={f.Value}"))}",
        ConnectionEvent.PushPromised e => $"promised {e.Id} {e.Promised} {Encoding.ASCII.GetString(e.Head.Path)}",
        ConnectionEvent.DataSent e => $"sent {e.Id} {e.Octets} {e.Queued}",
        ConnectionEvent.StreamClosed e => $"closed {e.Id} {e.Code}{(e.Abnormal ? " abnormal" : "")}",
        ConnectionEvent.SettingsReceived e => "settings" + string.Concat(e.Settings.Select(s => $" {s.Id}={s.Value}")),
        ConnectionEvent.SettingsAcknowledged => "settings acknowledged",
        ConnectionEvent.PingAcknowledged e => $"ping acknowledged {e.Opaque}",
        ConnectionEvent.GoAwayReceived e => $"goaway {e.LastStreamId} {e.Code} {e.Debug}",
        ConnectionEvent.StreamFaulted e => $"stream fault {e.Fault.Id} {e.Fault.Code} {e.Fault.Rule.Section}",
        ConnectionEvent.ConnectionFaulted e => $"connection fault {e.Fault.Code} {e.Fault.Rule.Section}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
