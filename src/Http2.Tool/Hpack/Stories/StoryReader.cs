using System.Text.Json;
using Hpack.Pure;

namespace Http2.Tool;

/// <summary>
/// Reads stories: JSON as hpack-test-case holds it and as nghttp2's deflatehd and inflatehd write it. Cases are read one by one, so that
/// those before a bad one are still used.
/// </summary>
internal sealed class StoryReader : IDisposable
{
    private readonly JsonDocument _json;
    private readonly JsonElement _cases;

    private StoryReader(JsonDocument json)
    {
        _json = json;
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("cases", out _cases)
            || _cases.ValueKind != JsonValueKind.Array)
            throw new StoryFaultException(null, null, "not a story: it wants an object with an array 'cases'");
        var root = json.RootElement;
        Head = new StoryHead(Text(root, "context"), Text(root, "description"), Number(root, "draft", null));
    }

    /// <summary>What the story says of itself before its cases.</summary>
    public StoryHead Head { get; }

    /// <summary>How many cases there are.</summary>
    public int Count => _cases.GetArrayLength();

    /// <summary>Whether the first case has a block: it tells encoded stories from raw ones.</summary>
    public bool IsEncoded =>
        Count > 0 && _cases[0] is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("wire", out _);

    /// <summary>Opens a story.</summary>
    /// <exception cref="StoryFaultException">The file is not JSON, or not a story.</exception>
    public static StoryReader Open(Stream stream)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true });
        }
        catch (JsonException error)
        {
            var place = $"line {error.LineNumber + 1}, octet {error.BytePositionInLine}";
            throw new StoryFaultException(null, null, $"not JSON at {place}");
        }
        try
        {
            return new StoryReader(json);
        }
        catch
        {
            json.Dispose();
            throw;
        }
    }

    /// <summary>The cases in order.</summary>
    /// <exception cref="StoryFaultException">A case is malformed; thrown when it is reached.</exception>
    public IEnumerable<StoryCase> ReadCases()
    {
        var index = 0;
        foreach (var element in _cases.EnumerateArray())
            yield return ReadCase(element, index++);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private static StoryCase ReadCase(JsonElement element, int index)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new StoryFaultException(index, null, "a case must be an object");
        // hpack-test-case calls the number seqno, nghttp2's tools call it seq.
        var seqNo = Number(element, "seqno", index) ?? Number(element, "seq", index) ?? index;
        return new StoryCase(seqNo, TableSize(element, seqNo), Wire(element, seqNo), StoryFields.Read(element, seqNo));
    }

    private static int? TableSize(JsonElement element, int seqNo)
    {
        var size = Number(element, "header_table_size", seqNo);
        return size is < 0 ? throw new StoryFaultException(seqNo, null, "'header_table_size' is negative") : size;
    }

    private static Octets? Wire(JsonElement element, int seqNo)
    {
        if (!element.TryGetProperty("wire", out var value))
            return null;
        var text = value.ValueKind == JsonValueKind.String ? StoryFields.Text(value, seqNo) : null;
        if (text is null)
            throw new StoryFaultException(seqNo, null, "'wire' must be a string of hexadecimal digits");
        var bad = text.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF");
        if (bad >= 0)
            throw new StoryFaultException(seqNo, bad / 2, $"'wire' has '{text[bad]}' where a hexadecimal digit belongs");
        return text.Length % 2 == 0
            ? Octets.FromHex(text)
            : throw new StoryFaultException(seqNo, text.Length / 2, "'wire' ends with half an octet");
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? StoryFields.Text(value, null) : null;

    private static int? Number(JsonElement element, string name, int? seqNo)
    {
        // Some encoders' stories spell an absent size as null.
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new StoryFaultException(seqNo, null, $"'{name}' must be a whole number");
    }
}
