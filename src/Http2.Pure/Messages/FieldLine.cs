using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Fields in one line of text, for logs and debuggers: <c>[:method: GET, :path: /]</c>.</summary>
internal static class FieldLine
{
    /// <summary>The line; octets that are not printable stand as escapes, so that a peer cannot write to a terminal.</summary>
    public static string Of(in FieldList fields) => Of(fields.ToFields());

    /// <inheritdoc cref="Of(in FieldList)"/>
    public static string Of(ImmutableArray<HeaderField> fields) => Of(fields.IsDefault ? [] : fields.AsEnumerable());

    /// <inheritdoc cref="Of(in FieldList)"/>
    public static string Of(IEnumerable<HeaderField> fields) =>
        $"[{string.Join(", ", fields.Select(field => $"{FrameText.Printable(field.Name.Span)}: {FrameText.Printable(field.Value.Span)}"))}]";
}
