using System.Text;
using System.Text.Json;
using Hpack.Pure;

namespace Http2.Tool;

/// <summary>
/// The header list of a case. JSON strings hold text, header fields hold octets: a list with a field that is not UTF-8 is written a second
/// time as <c>headers_hex</c>, pairs of hexadecimal strings, and read from there, so that nothing is lost.
/// </summary>
internal static class StoryFields
{
    private const string Hex = "headers_hex";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the list of a case, or null when it has none.</summary>
    /// <exception cref="StoryFaultException">The value is not a list of fields.</exception>
    public static IReadOnlyList<HeaderField>? Read(JsonElement element, int seqNo)
    {
        if (element.TryGetProperty(Hex, out var hex))
            return ReadHex(hex, seqNo);
        if (!element.TryGetProperty("headers", out var headers))
            return null;
        if (headers.ValueKind != JsonValueKind.Array)
            throw new StoryFaultException(seqNo, null, "'headers' must be an array");
        var fields = new List<HeaderField>(headers.GetArrayLength());
        foreach (var item in headers.EnumerateArray())
            fields.Add(ReadField(item, seqNo));
        return fields;
    }

    /// <summary>Writes the list of a case.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<HeaderField> fields)
    {
        json.WriteStartArray("headers");
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString(field.Name.ToString(), field.Value.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (fields.All(field => IsText(field.Name) && IsText(field.Value)))
            return;
        json.WriteStartArray(Hex);
        foreach (var field in fields)
        {
            json.WriteStartArray();
            json.WriteStringValue(field.Name.ToHex());
            json.WriteStringValue(field.Value.ToHex());
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="StoryFaultException">The string has half of a surrogate pair and is therefore no text.</exception>
    public static string Text(JsonElement value, int? seqNo)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw HalfPair(seqNo);
        }
    }

    private static HeaderField ReadField(JsonElement item, int seqNo)
    {
        if (item.ValueKind != JsonValueKind.Object || item.GetPropertyCount() != 1)
            throw NotAField(seqNo);
        var pair = item.EnumerateObject().Single();
        return pair.Value.ValueKind == JsonValueKind.String
            ? new HeaderField(Octets.FromString(Name(pair, seqNo)), Octets.FromString(Text(pair.Value, seqNo)))
            : throw NotAField(seqNo);
    }

    private static string Name(JsonProperty pair, int seqNo)
    {
        try
        {
            return pair.Name;
        }
        catch (InvalidOperationException)
        {
            throw HalfPair(seqNo);
        }
    }

    private static StoryFaultException HalfPair(int? seqNo) => new(seqNo, null, "a string has half of a surrogate pair");

    private static List<HeaderField> ReadHex(JsonElement headers, int seqNo)
    {
        try
        {
            return [.. headers.EnumerateArray().Select(pair => pair.GetArrayLength() == 2
                ? new HeaderField(Octets.FromHex(pair[0].GetString()!), Octets.FromHex(pair[1].GetString()!))
                : throw new FormatException())];
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new StoryFaultException(seqNo, null, $"'{Hex}' must be an array of pairs of hexadecimal strings");
        }
    }

    private static StoryFaultException NotAField(int seqNo) =>
        new(seqNo, null, "each of 'headers' must be an object with one name and its value, a string");

    private static bool IsText(Octets octets)
    {
        try
        {
            return Strict.GetCharCount(octets.Span) >= 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
