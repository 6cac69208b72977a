namespace Http2.Pure;

/// <summary>A stream identifier: 31 bits; 0 is the connection itself (RFC 9113 §5.1.1).</summary>
/// <param name="Value">0 to 2^31-1.</param>
public readonly record struct StreamId(uint Value) : IComparable<StreamId>
{
    /// <summary>Stream 0: the connection.</summary>
    public static StreamId Connection => default;

    /// <summary>Whether this is stream 0, the connection.</summary>
    public bool IsConnection => Value == 0;

    /// <summary>Whether a client opens streams of this number: they are odd (RFC 9113 §5.1.1).</summary>
    public bool IsClientInitiated => (Value & 1) == 1;

    /// <summary>Whether a server opens streams of this number: they are even, by push (RFC 9113 §5.1.1).</summary>
    public bool IsServerInitiated => Value != 0 && (Value & 1) == 0;

    /// <inheritdoc/>
    public int CompareTo(StreamId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
