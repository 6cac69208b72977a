using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What came on one stream: a response, or a request. The speaker adds to it with every frame that it reads.</summary>
internal sealed class ReceivedStream(FieldHistory history)
{
    private readonly List<byte> _body = [];
    private readonly List<int> _blocks = [];

    /// <summary>The sections of fields in order: informational responses, the final response, trailers.</summary>
    public IReadOnlyList<ImmutableArray<(string Name, string Value)>> Sections => [.. _blocks.Select(history.Text)];

    /// <summary>How many sections of fields came; does not decode them.</summary>
    public int SectionCount => _blocks.Count;

    /// <summary>The payload lengths of the DATA frames, padding included.</summary>
    public List<int> DataFrames { get; } = [];

    /// <summary>How many octets of content came.</summary>
    public int DataLength { get; private set; }

    /// <summary>The first 64 KiB of the content.</summary>
    public ReadOnlySpan<byte> Body => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_body);

    /// <summary>Whether the peer ended the stream with END_STREAM.</summary>
    public bool Ended { get; private set; }

    /// <summary>The code of RST_STREAM, or null.</summary>
    public ErrorCode? Reset { get; private set; }

    /// <summary>The code of a GOAWAY that came while waiting, or null.</summary>
    public ErrorCode? GoAway { get; set; }

    /// <summary>Whether the connection ended before the stream did.</summary>
    public bool Closed { get; set; }

    /// <summary>Whether no more came within the timeout.</summary>
    public bool TimedOut { get; set; }

    public int? Status => Final is { } final && int.TryParse(Value(final, ":status"), out var status) ? status : null;

    public bool IsSuccess => Status is >= 200 and < 300 && Ended;

    /// <summary>The fields of the final response, or null.</summary>
    public ImmutableArray<(string Name, string Value)>? Final =>
        Sections.FirstOrDefault(section => Value(section, ":status") is { Length: 3 } status
            && status[0] != '1') is { IsDefault: false } final ? final : null;

    /// <summary>The trailers, or null.</summary>
    public ImmutableArray<(string Name, string Value)>? Trailers =>
        Sections.Count > 1 && Value(Sections[^1], ":status") is null ? Sections[^1] : null;

    public static string? Value(ImmutableArray<(string Name, string Value)> section, string name)
    {
        foreach (var field in section)
        {
            if (field.Name == name)
                return field.Value;
        }
        return null;
    }

    /// <summary>Adds a section of fields. The number is that of its block in the <see cref="FieldHistory"/>.</summary>
    public void AddSection(int block) => _blocks.Add(block);

    /// <summary>Notes what a frame of this stream says.</summary>
    public void Take(in WireFrame frame)
    {
        Ended |= frame.EndsStream;
        if (frame.Type == FrameType.RstStream)
            Reset = frame.ErrorCode;
        if (frame.Type != FrameType.Data)
            return;
        var content = frame.Content;
        DataFrames.Add(frame.Length);
        DataLength += content.Length;
        if (_body.Count < 65536)
            _body.AddRange(content.Span);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Status is { } status)
            parts.Add($"status {status}");
        if (DataLength > 0)
            parts.Add($"{DataLength} octets of content");
        if (Ended)
            parts.Add("END_STREAM");
        if (Reset is { } reset)
            parts.Add($"RST_STREAM with {FrameLine.Name(reset)}");
        if (GoAway is { } goAway)
            parts.Add($"GOAWAY with {FrameLine.Name(goAway)}");
        if (Closed)
            parts.Add("connection closed");
        if (TimedOut)
            parts.Add("then nothing within the timeout");
        return parts.Count == 0 ? "nothing" : string.Join(", ", parts);
    }
}
