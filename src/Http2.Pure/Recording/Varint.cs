using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Numbers in as few octets as they need: seven bits in each octet, the lowest first (LEB128). Signed numbers are folded, 0, -1, 1, -2, ...,
/// so that numbers near 0 stay short.
/// </summary>
internal static class Varint
{
    private const int MaxLength = 10;

    public static void Write(OutputBuffer output, ulong value)
    {
        Span<byte> octets = stackalloc byte[MaxLength];
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            octets[length++] = (byte)(value | 0x80);
        octets[length++] = (byte)value;
        output.Write(octets[..length]);
    }

    public static void WriteSigned(OutputBuffer output, long value) => Write(output, unchecked((ulong)((value << 1) ^ (value >> 63))));

    public static long Unfold(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    /// <summary>Reads a number at the start.</summary>
    /// <returns>How many octets it took; 0 when it is not complete, -1 when it has more than 64 bits.</returns>
    public static int Read(ReadOnlySpan<byte> octets, out ulong value)
    {
        value = 0;
        for (var i = 0; ; i++)
        {
            if (i == octets.Length)
                return 0;
            // The tenth octet is the last, and has room for one bit.
            if (i == MaxLength - 1 && octets[i] > 1)
                return -1;
            value += (ulong)(octets[i] & 0x7f) << (7 * i);
            if (octets[i] < 0x80)
                return i + 1;
        }
    }
}
