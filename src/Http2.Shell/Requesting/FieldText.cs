using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// Names and values of fields as text. Those that nearly every response has are not made again each time: names of HPACK's static table, and of each
/// of them the last value. Thread-safe.
/// </summary>
internal static class FieldText
{
    // RFC 7541 Appendix A.
    private const int StaticNames = 62;

    // What is longer is seldom the same again.
    private const int LongestKept = 64;

    private static readonly string?[] Names = new string?[StaticNames];
    private static readonly string?[] Values = new string?[StaticNames];

    /// <summary>The name of a field.</summary>
    /// <param name="name">The octets.</param>
    /// <param name="token">The first index of the name in the static table, or 0.</param>
    public static string Name(ReadOnlySpan<byte> name, byte token)
    {
        if (token is 0 or >= StaticNames)
            return Encoding.ASCII.GetString(name);
        return Names[token] ??= Encoding.ASCII.GetString(name);
    }

    /// <summary>The value of a field, read as UTF-8.</summary>
    public static string Value(ReadOnlySpan<byte> value, byte token)
    {
        if (token is 0 or >= StaticNames || value.Length > LongestKept)
            return Encoding.UTF8.GetString(value);
        var last = Volatile.Read(ref Values[token]);
        if (last is not null && Ascii.Equals(value, last))
            return last;
        var text = Encoding.UTF8.GetString(value);
        Volatile.Write(ref Values[token], text);
        return text;
    }
}
