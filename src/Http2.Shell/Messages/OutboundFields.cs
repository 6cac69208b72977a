using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Judges fields the moment the application names them, so that the mistake shows where it was made and not when it is sent.
/// </summary>
internal static class OutboundFields
{
    /// <summary>The field with its name in lower case.</summary>
    /// <exception cref="ArgumentException">It may not be sent.</exception>
    public static HeaderField Normalise(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var name = field.Name.Span;
        if (name.ContainsAnyInRange((byte)'A', (byte)'Z'))
        {
            var lower = new byte[name.Length];
            Ascii.ToLower(name, lower, out _);
            field = new HeaderField(new Octets(lower), field.Value, field.NeverIndexed);
            name = lower;
        }
        if (!FieldGrammar.IsName(name))
            throw new ArgumentException($"'{field.Name}' is not a field name: it must be a token without a leading colon (RFC 9110 §5.1).");
        if (FieldGrammar.IsConnectionSpecific(name))
            throw new ArgumentException($"'{field.Name}' is a connection-specific field and does not exist in HTTP/2 (RFC 9113 §8.2.2).");
        JudgeValue(field);
        return field;
    }

    private static void JudgeValue(HeaderField field)
    {
        var value = field.Value.Span;
        if (FieldGrammar.HasForbiddenOctet(value))
            throw new ArgumentException($"The value of '{field.Name}' holds a NUL, CR or LF (RFC 9113 §8.2.1).");
        if (FieldGrammar.HasBlankEdge(value))
            throw new ArgumentException($"The value of '{field.Name}' begins or ends with white space (RFC 9113 §8.2.1).");
    }
}
