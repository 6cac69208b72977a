using System.Text.Json;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>A frame as the members of an object of JSON.</summary>
internal static class FrameJson
{
    /// <summary>Writes them.</summary>
    /// <param name="json">Where they go.</param>
    /// <param name="seen">The frame.</param>
    /// <param name="time">When it was seen, in seconds.</param>
    /// <param name="lines">The frame as lines (<see cref="FrameText.Lines"/>).</param>
    public static void Write(Utf8JsonWriter json, in SeenFrame seen, double time, IReadOnlyList<string> lines)
    {
        var header = seen.Frame.Header;
        json.WriteNumber("time", Math.Round(time, 6));
        json.WriteString("direction", seen.IsReceived ? "recv" : "send");
        json.WriteString("type", WireNames.Of(header.Type));
        json.WriteNumber("stream", header.StreamId.Value);
        json.WriteNumber("flags", (byte)header.Flags);
        json.WriteNumber("length", header.Length);
        json.WriteStartArray("details");
        foreach (var line in lines.Skip(1))
            json.WriteStringValue(line.Trim());
        json.WriteEndArray();
    }
}
