using System.Text;
using Hpack.Pure;

namespace Http2.Shell.Hpack;

/// <summary>Octets as a person can read them.</summary>
public static class OctetText
{
    /// <summary>
    /// The octets as UTF-8 text on one line. Whatever is not UTF-8, and control characters, which could forge a line or drive a terminal,
    /// show as <c>\xNN</c>, an octet each.
    /// </summary>
    /// <param name="octets">Any octets.</param>
    public static string Show(Octets octets)
    {
        var text = new StringBuilder(octets.Length);
        for (var rest = octets.Span; !rest.IsEmpty;)
        {
            var sound = Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (sound && !Rune.IsControl(rune))
                text.Append(rune.ToString());
            else
            {
                foreach (var octet in rest[..length])
                    text.Append($"\\x{octet:x2}");
            }
            rest = rest[length..];
        }
        return text.ToString();
    }
}
