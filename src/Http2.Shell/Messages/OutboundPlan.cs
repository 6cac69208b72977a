using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>What must be known of a list of fields to send it, found once for each list.</summary>
internal sealed record OutboundPlan(ImmutableArray<HeaderField> Fields, HeaderField? Server, bool HasContentLength, bool HasDate)
{
    /// <summary>
    /// The fields of a 204 response, which must not have a length (RFC 9110 §8.6) though many applications give it one of 0.
    /// </summary>
    public ImmutableArray<HeaderField> FieldsWithoutLength =>
        HasContentLength ? Fields.RemoveAll(static one => one.Name.Span.SequenceEqual("content-length"u8)) : Fields;

    public static OutboundPlan Of(ImmutableArray<HeaderField> fields, HeaderField? server)
    {
        bool length = false, date = false, named = false;
        foreach (var field in fields)
        {
            var name = field.Name.Span;
            length |= name.SequenceEqual("content-length"u8);
            date |= name.SequenceEqual("date"u8);
            named |= name.SequenceEqual("server"u8);
        }
        return new OutboundPlan(server is null || named ? fields : fields.Insert(0, server), server, length, date);
    }
}
