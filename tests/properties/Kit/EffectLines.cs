using System.Text;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>
/// What a connection sent and told, in short lines. Field blocks are decoded in the order in which they come, as the peer's decoder would.
/// </summary>
internal sealed class EffectLines
{
    private readonly FieldArena _arena = new();
    private DecoderState _decoder = DecoderState.Create();

    /// <summary>Octets that were sent, a line a frame.</summary>
    public string[] OfFrames(ReadOnlySpan<byte> octets)
    {
        var rest = Octets.Copy(octets);
        var lines = new List<string>();
        if (rest.Span.StartsWith(WireConstants.Preface))
        {
            lines.Add("MAGIC");
            rest = rest.Slice(24, rest.Length - 24);
        }
        while (!rest.IsEmpty)
        {
            var parsed = Pure.Frames.Parse(rest, new(FrameHeader.MaxLength, 100));
            var read = Assert.IsType<FrameRead.Complete>(
                parsed.Match(Right: frame => frame, Left: fault => throw new InvalidOperationException($"{fault}")));
            lines.Add(Of(read.Frame));
            rest = read.Rest;
        }
        return [.. lines];
    }

    /// <summary>An event as a line.</summary>
    public static string Of(ConnectionEvent happened) => happened switch
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

    private string Of(Frame frame) => frame switch
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

    /// <summary>Long bodies are shown by their length.</summary>
    private static string Text(Octets octets) => octets.Length <= 40 ? octets.ToString() : $"({octets.Length})";

    private string Text(Frame frame, Octets fragment)
    {
        if (!frame.Flags.HasFlag(FrameFlags.EndHeaders))
            return $"({fragment.Length})";
        var error = HpackDecoder.Decode(_decoder, fragment.Span, int.MaxValue, _arena, out var fields, out _decoder);
        Assert.Equal(HpackErrorKind.None, error.Kind);
        return string.Join(' ', fields.ToFields().Select(field => $"{field.Name}={field.Value}"));
    }
}
