using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Writes exchanges as an HTTP Archive (HAR 1.2), which browsers and viewers read. Each entry has the frames of its stream beside what HAR knows
/// (<c>_frames</c>), and the log those of the connections (<c>_connections</c>).
/// </summary>
internal sealed class HarLog : FrameTap
{
    /// <summary>How much of a body goes into the archive.</summary>
    public const int MostBody = 256 * 1024;

    private readonly ConcurrentDictionary<(long Connection, uint Stream), ConcurrentQueue<SeenFrame>> _frames = new();

    /// <summary>Writes the archive.</summary>
    public void Write(Stream output, IEnumerable<Visit> visits)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("log");
        json.WriteString("version", "1.2");
        json.WriteStartObject("creator");
        json.WriteString("name", "http2 get");
        json.WriteString("version", typeof(HarLog).Assembly.GetName().Version!.ToString(3));
        json.WriteEndObject();
        json.WriteStartArray("entries");
        foreach (var visit in visits.OrderBy(visit => visit.Began))
            WriteEntry(json, visit);
        json.WriteEndArray();
        json.WriteStartArray("_connections");
        foreach (var (of, frames) in _frames.Where(frames => frames.Key.Stream == 0).OrderBy(frames => frames.Key.Connection))
        {
            json.WriteStartObject();
            json.WriteString("connection", Text(of.Connection));
            WriteFrames(json, frames, frames.First().At);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void Take(Http2ConnectionInfo connection, SeenFrame seen) =>
        _frames.GetOrAdd((connection.Id, seen.Frame.Header.StreamId.Value), _ => new()).Enqueue(seen);

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void WriteEntry(Utf8JsonWriter json, Visit visit)
    {
        var info = visit.Stream.Connection;
        json.WriteStartObject();
        json.WriteString("startedDateTime", visit.At.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("time", Milliseconds(visit.Began, visit.Ended));
        WriteRequest(json, visit);
        WriteResponse(json, visit);
        json.WriteStartObject("cache");
        json.WriteEndObject();
        json.WriteStartObject("timings");
        json.WriteNumber("send", 0);
        json.WriteNumber("wait", Milliseconds(visit.Began, visit.Headed));
        json.WriteNumber("receive", Milliseconds(visit.Headed, visit.Ended));
        json.WriteEndObject();
        if (info.RemoteAddress is System.Net.IPEndPoint remote)
            json.WriteString("serverIPAddress", remote.Address.ToString());
        json.WriteString("connection", Text(info.Id));
        json.WriteNumber("_stream", visit.Stream.StreamId.Value);
        json.WriteBoolean("_pushed", visit.Stream.IsPushed);
        if (_frames.TryGetValue((info.Id, visit.Stream.StreamId.Value), out var frames))
            WriteFrames(json, frames, visit.Began);
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, Visit visit)
    {
        var request = visit.Stream.Request;
        json.WriteStartObject("request");
        json.WriteString("method", request.Method);
        json.WriteString("url", visit.Url.ToString());
        json.WriteString("httpVersion", "HTTP/2");
        WriteNone(json, "cookies");
        WriteFields(json, request.Headers);
        json.WriteStartArray("queryString");
        foreach (var pair in visit.Url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=');
            WritePair(json, Uri.UnescapeDataString(cut < 0 ? pair : pair[..cut]), cut < 0 ? "" : Uri.UnescapeDataString(pair[(cut + 1)..]));
        }
        json.WriteEndArray();
        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", visit.SentOctets);
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, Visit visit)
    {
        var head = visit.Head!;
        json.WriteStartObject("response");
        json.WriteNumber("status", head.Status);
        json.WriteString("statusText", "");
        json.WriteString("httpVersion", "HTTP/2");
        WriteNone(json, "cookies");
        WriteFields(json, head.Headers);
        json.WriteStartObject("content");
        json.WriteNumber("size", visit.Octets);
        json.WriteString("mimeType", head.Headers["content-type"] ?? "");
        if (visit.Octets <= MostBody)
            WriteBody(json, visit.Body);
        json.WriteEndObject();
        json.WriteString("redirectURL", head.Headers["location"] ?? "");
        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", visit.Octets);
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, byte[] body)
    {
        if (System.Text.Unicode.Utf8.IsValid(body))
        {
            json.WriteString("text", Encoding.UTF8.GetString(body));
            return;
        }
        json.WriteString("text", Convert.ToBase64String(body));
        json.WriteString("encoding", "base64");
    }

    private static void WriteFields(Utf8JsonWriter json, Http2Headers fields)
    {
        json.WriteStartArray("headers");
        foreach (var field in fields)
            WritePair(json, FrameText.Printable(field.Name.Span), FrameText.Printable(field.Value.Span));
        json.WriteEndArray();
    }

    private static void WritePair(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteFrames(Utf8JsonWriter json, IEnumerable<SeenFrame> frames, long since)
    {
        json.WriteStartArray("_frames");
        foreach (var seen in frames)
        {
            json.WriteStartObject();
            var time = (seen.At - since) / (double)Stopwatch.Frequency;
            FrameJson.Write(json, seen, time, FrameText.Lines(seen.Frame.Header, seen.Frame.Payload, seen.Frame.Fields));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNone(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }

    private static double Milliseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}
