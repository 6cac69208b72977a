using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Messages;

/// <summary>Field sections for tests: through the codec, as they come off the wire.</summary>
internal static class Sections
{
    public static readonly StreamId Stream = new(5);

    /// <summary>A section that was encoded and decoded again.</summary>
    public static FieldList Of(params IEnumerable<HeaderField> fields)
    {
        var block = HpackEncoder.Encode(EncoderState.Create(), [.. fields]).Block;
        var error = HpackDecoder.Decode(DecoderState.Create(), block.Span, long.MaxValue, new FieldArena(), out var list, out _);
        return error.Kind == HpackErrorKind.None ? list : throw new InvalidOperationException(error.ToString());
    }

    /// <summary>A section whose names all came spelled out, none by its number (RFC 7541 §6.2.2).</summary>
    public static FieldList Spelled(params IEnumerable<HeaderField> fields)
    {
        var block = new List<byte>();
        foreach (var field in fields)
            block.AddRange([0, (byte)field.Name.Length, .. field.Name.Span, (byte)field.Value.Length, .. field.Value.Span]);
        var error = HpackDecoder.Decode(DecoderState.Create(), block.ToArray(), long.MaxValue, new FieldArena(), out var list, out _);
        return error.Kind == HpackErrorKind.None ? list : throw new InvalidOperationException(error.ToString());
    }

    /// <summary>The fields that a text spells: <c>name=value</c>, with bars between them.</summary>
    public static HeaderField[] Fields(string text) =>
        [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var colon = line.IndexOf('=', StringComparison.Ordinal);
            return new HeaderField(line[..colon], line[(colon + 1)..]);
        })];

    /// <summary>Judges a request as a server does.</summary>
    public static HeadVerdict Request(
        IEnumerable<HeaderField> fields, out RequestHead head, out Fault? fault, bool endStream = true,
        ConnectionOptions? options = null)
    {
        var verdict = RequestRules.Judge(Stream, Of(fields), endStream, options ?? ConnectionOptions.Default, out head);
        fault = FaultOf(verdict);
        return verdict;
    }

    /// <summary>Judges a response as a client does.</summary>
    public static HeadVerdict Response(
        IEnumerable<HeaderField> fields, out ResponseHead head, out Fault? fault, bool endStream = false, bool bodyExpected = true)
    {
        var verdict = ResponseRules.Judge(Stream, Of(fields), endStream, bodyExpected, ConnectionOptions.Default, out head);
        fault = FaultOf(verdict);
        return verdict;
    }

    /// <summary>The fault that a verdict carries, or null when it carries none.</summary>
    public static Fault? FaultOf(HeadVerdict verdict) => verdict switch
    {
        HeadVerdict.Malformed malformed => malformed.Fault,
        HeadVerdict.Excessive excessive => excessive.Fault,
        _ => null,
    };
}
