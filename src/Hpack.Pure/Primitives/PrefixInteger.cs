namespace Hpack.Pure;

/// <summary>
/// Integers with a prefix of N bits (RFC 7541 §5.1). With a prefix of five bits, an integer below 31 on the left, and any other on the right:
/// <code>
///   0   1   2   3   4   5   6   7        0   1   2   3   4   5   6   7
/// +---+---+---+---+---+---+---+---+    +---+---+---+---+---+---+---+---+
/// | ? | ? | ? |       Value       |    | ? | ? | ? | 1   1   1   1   1 |
/// +---+---+---+-------------------+    +---+---+---+-------------------+
///                                      | 1 |    Value-(2^N-1) LSB      |
///                                      +---+---------------------------+
///                                                     ...
///                                      +---+---------------------------+
///                                      | 0 |    Value-(2^N-1) MSB      |
///                                      +---+---------------------------+
/// </code>
/// </summary>
internal static class PrefixInteger
{
    /// <summary>
    /// The most octets that an integer takes: the first, and five with seven bits each, enough for 31 bits whatever the prefix.
    /// </summary>
    public const int MaxLength = 1 + MaxContinuation;

    private const int MaxContinuation = 5;

    // An octet after the first has seven bits of the integer, the lowest first, and says whether another one follows.
    private const int MoreFollows = 0x80;
    private const int ContinuationBits = 0x7f;

    /// <summary>Reads the integer that starts in the low bits of <c>block[at]</c>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="at">The integer's first octet, below the block's length; afterwards the octet behind the integer.</param>
    /// <param name="mask">The prefix's bits: 2^N - 1.</param>
    /// <param name="value">The integer, 0 to 2^31-1.</param>
    public static HpackErrorKind Read(ReadOnlySpan<byte> block, ref int at, int mask, out int value)
    {
        value = block[at++] & mask;
        return value < mask ? HpackErrorKind.None : ReadContinuation(block, ref at, ref value);
    }

    private static HpackErrorKind ReadContinuation(ReadOnlySpan<byte> block, ref int at, ref int value)
    {
        // RFC 7541 §5.1: excessive encodings are an error. The octets are counted before anything is shifted, so that the
        // shift stays below 35 and the sum below 2^42.
        long sum = value;
        for (var shift = 0; shift < 7 * MaxContinuation; shift += 7)
        {
            if (at >= block.Length)
                return HpackErrorKind.TruncatedInteger;
            var octet = block[at++];
            sum += (long)(octet & ContinuationBits) << shift;
            if (octet >= MoreFollows)
                continue;
            if (sum > int.MaxValue)
                return HpackErrorKind.IntegerOverflow;
            value = (int)sum;
            return HpackErrorKind.None;
        }
        return HpackErrorKind.IntegerTooLong;
    }

    /// <summary>Writes <paramref name="value"/> behind the bits of <paramref name="pattern"/>.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="pattern">The bits above the prefix.</param>
    /// <param name="mask">The prefix's bits: 2^N - 1.</param>
    /// <param name="value">0 to 2^31-1.</param>
    /// <returns>How many octets it took.</returns>
    public static int Write(Span<byte> target, int pattern, int mask, int value)
    {
        if (value >= mask)
            return WriteContinuation(target, pattern | mask, value - mask);
        target[0] = (byte)(pattern | value);
        return 1;
    }

    private static int WriteContinuation(Span<byte> target, int first, int rest)
    {
        target[0] = (byte)first;
        var at = 1;
        for (; rest >= MoreFollows; rest >>= 7)
            target[at++] = (byte)(rest | MoreFollows);
        target[at++] = (byte)rest;
        return at;
    }
}
