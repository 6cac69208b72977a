using System.Buffers.Text;
using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>What must be known of a list of fields to send it, found once for each list.</summary>
/// <param name="Fields">The fields to send.</param>
/// <param name="Server">The <c>server</c> field of ours that is among them, or null.</param>
/// <param name="HasContentLength">Whether there is a <c>content-length</c> among them.</param>
/// <param name="ContentLength">Its value; -1 when there is none, or when it is no number, which is refused when it is sent.</param>
/// <param name="HasDate">Whether there is a <c>date</c> among them.</param>
internal sealed record OutboundPlan(
    ImmutableArray<HeaderField> Fields, HeaderField? Server, bool HasContentLength, long ContentLength, bool HasDate)
{
    /// <summary>
    /// The fields of a 204 response, which must not have a length (RFC 9110 §8.6) though many applications give it one of 0.
    /// </summary>
    public ImmutableArray<HeaderField> FieldsWithoutLength =>
        HasContentLength ? Fields.RemoveAll(static one => one.Name.Span.SequenceEqual("content-length"u8)) : Fields;

    public static OutboundPlan Of(ImmutableArray<HeaderField> fields, HeaderField? server)
    {
        bool length = false, date = false, named = false;
        long octets = -1;
        foreach (var field in fields)
        {
            var name = field.Name.Span;
            if (name.SequenceEqual("content-length"u8))
            {
                length = true;
                octets = Utf8Parser.TryParse(field.Value.Span, out long value, out var read) && read == field.Value.Length ? value : -1;
            }
            date |= name.SequenceEqual("date"u8);
            named |= name.SequenceEqual("server"u8);
        }
        return new OutboundPlan(server is null || named ? fields : fields.Insert(0, server), server, length, octets, date);
    }
}
