using System.Buffers;
using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// Judges fields the moment the application names them, so that the mistake shows where it was made and not when it is sent.
/// </summary>
internal static class OutboundFields
{
    // RFC 9110 §5.6.2: token characters; RFC 9113 §8.2.1: no upper case.
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    // RFC 9113 §8.2.1: a value holds no NUL, LF or CR.
    private static readonly SearchValues<byte> ForbiddenInValue = SearchValues.Create(0, (byte)'\n', (byte)'\r');

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
        if (name.IsEmpty || name.ContainsAnyExcept(NameOctets))
            throw new ArgumentException($"'{field.Name}' is not a field name: it must be a token without a leading colon (RFC 9110 §5.1).");
        if (IsConnectionSpecific(name))
            throw new ArgumentException($"'{field.Name}' is a connection-specific field and does not exist in HTTP/2 (RFC 9113 §8.2.2).");
        JudgeValue(field);
        return field;
    }

    private static void JudgeValue(HeaderField field)
    {
        var value = field.Value.Span;
        if (value.ContainsAny(ForbiddenInValue))
            throw new ArgumentException($"The value of '{field.Name}' holds a NUL, CR or LF (RFC 9113 §8.2.1).");
        if (!value.IsEmpty && (value[0] is (byte)' ' or (byte)'\t' || value[^1] is (byte)' ' or (byte)'\t'))
            throw new ArgumentException($"The value of '{field.Name}' begins or ends with white space (RFC 9113 §8.2.1).");
    }

    // RFC 9113 §8.2.2: framing and persistence are HTTP/2's own business.
    private static bool IsConnectionSpecific(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8) || name.SequenceEqual("proxy-connection"u8)
        || name.SequenceEqual("transfer-encoding"u8) || name.SequenceEqual("upgrade"u8);
}
