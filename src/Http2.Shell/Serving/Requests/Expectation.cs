using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Reads the <c>expect</c> field of requests (RFC 9110 §10.1.1).</summary>
internal static class Expectation
{
    // The index of the name in the static table (RFC 7541 Appendix A).
    private const byte TokenExpect = 35;

    /// <summary>
    /// Whether the client may hold the body back until 100 (Continue) comes. Expectations that are not known are ignored: RFC 9110 §10.1.1
    /// leaves 417 to the server's choice, and a handler that knows of others can send it.
    /// </summary>
    public static bool IsContinue(in RequestHead head)
    {
        var fields = head.Fields;
        for (var i = head.FirstRegular; i < fields.Count; i++)
        {
            var field = fields[i];
            if (IsExpect(field.Name, field.Token) && Lists(field.Value))
                return true;
        }
        return false;
    }

    private static bool IsExpect(ReadOnlySpan<byte> name, byte token) =>
        token == TokenExpect || (token == 0 && name.SequenceEqual("expect"u8));

    // A list of expectations, compared in any case (RFC 9110 §10.1.1).
    private static bool Lists(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(value[part].Trim(" \t"u8), "100-continue"u8))
                return true;
        }
        return false;
    }
}
