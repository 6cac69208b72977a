using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>A case that is to be written, with the codec's table as it was after the case.</summary>
internal sealed record WrittenCase
{
    /// <summary>Its number, from 0.</summary>
    public required int SeqNo { get; init; }

    /// <summary>The block.</summary>
    public required Octets Wire { get; init; }

    /// <summary>The header list.</summary>
    public required IReadOnlyList<HeaderField> Headers { get; init; }

    /// <summary>The table size set before it, when one was.</summary>
    public int? HeaderTableSize { get; init; }

    /// <summary>The octets of the names and values; written with the ratio when deflating.</summary>
    public long? InputLength { get; init; }

    /// <summary>The table after it, when asked for.</summary>
    public HdTable? Table { get; init; }

    /// <summary>The index of the table's newest entry: 62 in RFC 7541, 1 in draft 08.</summary>
    public int FirstIndex { get; init; } = 62;
}

/// <summary>Writes a story as JSON, case by case. After a fault the file is still well-formed and holds the cases before it.</summary>
internal sealed class StoryWriter : IDisposable
{
    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly TextWriter _target;

    /// <summary>Starts a story.</summary>
    /// <param name="target">The stream that the story is written to; it stays open.</param>
    /// <param name="head">What the story says of itself.</param>
    public StoryWriter(TextWriter target, StoryHead head)
    {
        _target = target;
        _json = new Utf8JsonWriter(
            _buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        if (head.Context is not null)
            _json.WriteString("context", head.Context);
        if (head.Description is not null)
            _json.WriteString("description", head.Description);
        if (head.Draft is { } draft)
            _json.WriteNumber("draft", draft);
        _json.WriteStartArray("cases");
    }

    /// <summary>Writes one case.</summary>
    public void Write(WrittenCase item)
    {
        _json.WriteStartObject();
        _json.WriteNumber("seqno", item.SeqNo);
        if (item.HeaderTableSize is { } size)
            _json.WriteNumber("header_table_size", size);
        if (item.InputLength is { } input)
            WriteRatio(input, item.Wire.Length);
        _json.WriteString("wire", item.Wire.ToHex());
        StoryFields.Write(_json, item.Headers);
        if (item.Table is not null)
            WriteTable(item.Table, item.FirstIndex);
        _json.WriteEndObject();
        Drain();
    }

    /// <summary>Ends the story.</summary>
    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        Drain();
        _target.Write('\n');
        _json.Dispose();
        _buffer.Dispose();
    }

    private void WriteRatio(long input, int output)
    {
        _json.WriteNumber("input_length", input);
        _json.WriteNumber("output_length", output);
        var percentage = input == 0 ? 0.0 : 100.0 * output / input;
        _json.WritePropertyName("percentage_of_original_size");
        _json.WriteRawValue(percentage.ToString("0.0###", CultureInfo.InvariantCulture));
    }

    private void WriteTable(HdTable table, int firstIndex)
    {
        _json.WriteStartObject("header_table");
        _json.WriteStartArray("entries");
        for (var i = 0; i < table.Count; i++)
        {
            _json.WriteStartObject();
            _json.WriteNumber("index", firstIndex + i);
            _json.WriteString("name", table[i].Name.ToString());
            _json.WriteString("value", table[i].Value.ToString());
            // Only draft 08 numbers its dynamic entries from 1, and only it has a reference set.
            if (firstIndex == 1)
                _json.WriteBoolean("referenced", table[i].InReferenceSet);
            _json.WriteNumber("size", table[i].Size);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteNumber("size", table.Size);
        _json.WriteNumber("max_size", table.MaxSize);
        _json.WriteEndObject();
    }

    private void Drain()
    {
        _json.Flush();
        _target.Write(Encoding.UTF8.GetString(_buffer.GetBuffer(), 0, (int)_buffer.Length));
        _buffer.SetLength(0);
    }
}
