namespace Http2.Properties.Differential;

/// <summary>A fast generator of pseudo-random numbers, equal for equal seeds on every machine (SplitMix64).</summary>
internal struct Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (ulong)bound >> 32);

    /// <summary>True <paramref name="times"/> in a thousand.</summary>
    public bool PerMille(int times) => Below(1000) < times;

    /// <summary>One of some.</summary>
    public T Of<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>A length that is mostly small: each doubling is half as likely.</summary>
    public int Length(int bits) => Below(1 << 1 + System.Numerics.BitOperations.TrailingZeroCount(Next() | 1ul << bits - 1));

    /// <summary>Fills with any octets.</summary>
    public void Fill(Span<byte> target)
    {
        foreach (ref var octet in target)
            octet = (byte)Next();
    }
}
