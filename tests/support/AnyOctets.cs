namespace Http2.TestSupport;

/// <summary>
/// Octets that FsCheck gives to a property, taken as an array or a span. A counterexample prints them in hexadecimal, to be copied into a test;
/// a plain array prints as a list of numbers that FsCheck cuts off. Immutable.
/// </summary>
/// <param name="Array">The octets.</param>
public sealed record AnyOctets(byte[] Array)
{
    /// <summary>How many there are.</summary>
    public int Length => Array.Length;

    /// <summary>The array.</summary>
    public static implicit operator byte[](AnyOctets octets) => octets.Array;

    /// <summary>The array as a span.</summary>
    public static implicit operator ReadOnlySpan<byte>(AnyOctets octets) => octets.Array;

    /// <summary>The array as memory.</summary>
    public static implicit operator ReadOnlyMemory<byte>(AnyOctets octets) => octets.Array;

    /// <summary>The octets, one by one.</summary>
    public IEnumerator<byte> GetEnumerator() => ((IEnumerable<byte>)Array).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"0x{Convert.ToHexStringLower(Array)}";
}
