namespace Hpack.Pure;

/// <summary>Everything an encoder remembers between blocks. Immutable, thread-safe, equal by content.</summary>
/// <remarks>
/// States share an append-only log, so a state that is kept may keep older and newer entries alive besides its own: at most twice
/// its table's limit (or 512) in octets, one 24-octet record for each 16 octets of the limit, and 4 KiB of hashes of fields that were
/// seen once, whatever was encoded.
/// </remarks>
public sealed class EncoderState : IEquatable<EncoderState>
{
    /// <summary>The SETTINGS_HEADER_TABLE_SIZE that both sides assume at the start (RFC 9113 §6.5.2).</summary>
    public const int DefaultTableSize = 4096;

    internal readonly TableLog Log;
    internal readonly int Head;
    internal readonly int Tail;
    internal readonly int Size;

    /// <summary>Where the log's sightings end: fields that go into the table when they come again soon.</summary>
    internal readonly int Sighted;

    /// <summary>The limit that the decoder was told of last.</summary>
    internal readonly int Announced;

    /// <summary>The smallest limit that was in force since the decoder was told of one.</summary>
    internal readonly int Smallest;

    /// <summary>
    /// The state after a block that told the decoder the limit. The block kept the table within the limit, and its log no larger than the limit
    /// allows.
    /// </summary>
    internal EncoderState(EncoderState from, in TableWindow table)
    {
        (MaxTableSize, PeerLimit, Policy) = (from.MaxTableSize, from.PeerLimit, from.Policy);
        (Log, Head, Tail, Size, Sighted) = (table.Log, table.Head, table.Tail, table.Size, table.Sighted);
        Announced = Smallest = Limit;
    }

    private EncoderState(in TableWindow table, int maxTableSize, uint peerLimit, IndexingPolicy policy, int announced, int smallest)
    {
        MaxTableSize = maxTableSize;
        PeerLimit = peerLimit;
        Policy = policy;
        Announced = announced;
        Smallest = Math.Min(smallest, Limit);
        // RFC 7541 §4.3: a lower limit evicts at once; the decoder hears of it at the start of the next block.
        var fit = table.Evict(Smallest).Fit(Limit);
        (Log, Head, Tail, Size, Sighted) = (fit.Log, fit.Head, fit.Tail, fit.Size, fit.Sighted);
    }

    /// <summary>The most this encoder uses for its table, in octets, whatever the peer allows.</summary>
    public int MaxTableSize { get; }

    /// <summary>The peer's SETTINGS_HEADER_TABLE_SIZE.</summary>
    public uint PeerLimit { get; }

    /// <summary>Which fields go into the table.</summary>
    public IndexingPolicy Policy { get; }

    /// <summary>The dynamic table.</summary>
    public DynamicTable Table => new(Window, Limit);

    internal TableWindow Window => new(Log, Head, Tail, Size, Sighted);

    /// <summary>The table's limit: the lower of what this encoder wants and what the peer allows.</summary>
    internal int Limit => (int)Math.Min((uint)MaxTableSize, PeerLimit);

    /// <summary>Whether the next block starts with size updates (RFC 7541 §4.2).</summary>
    public bool OwesSizeUpdate => Limit != Announced || Smallest != Announced;

    /// <summary>The state before the first block; the peer's limit is 4,096 octets until <see cref="WithPeerLimit"/> says otherwise.</summary>
    /// <param name="maxTableSize">
    /// The most this encoder will ever use, in octets, whatever the peer allows; from 0. Below 4,096 the first block says so.
    /// </param>
    /// <param name="policy">Which fields go into the table; by default <see cref="IndexingPolicy.Default"/>.</param>
    public static EncoderState Create(int maxTableSize = DefaultTableSize, IndexingPolicy? policy = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        return new(
            TableWindow.EmptyHashed, maxTableSize, DefaultTableSize, policy ?? IndexingPolicy.Default, DefaultTableSize, DefaultTableSize);
    }

    /// <summary>
    /// The state after the peer's SETTINGS_HEADER_TABLE_SIZE became <paramref name="peerLimit"/>. The next block starts with the size
    /// updates this owes: the smallest since the last block, then the final one (RFC 7541 §4.2).
    /// </summary>
    /// <param name="peerLimit">The peer's setting, 0 to 2^32-1.</param>
    public EncoderState WithPeerLimit(uint peerLimit) =>
        peerLimit == PeerLimit ? this : new(Window, MaxTableSize, peerLimit, Policy, Announced, Smallest);

    /// <summary>The state that uses at most <paramref name="maxTableSize"/> octets from now on; the next block says so.</summary>
    /// <param name="maxTableSize">In octets, from 0.</param>
    public EncoderState WithMaxTableSize(int maxTableSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        return maxTableSize == MaxTableSize
            ? this
            : new(Window, maxTableSize, PeerLimit, Policy, Announced, Smallest);
    }

    /// <summary>The state that goes by <paramref name="policy"/> from now on.</summary>
    /// <param name="policy">Which fields go into the table.</param>
    public EncoderState WithPolicy(IndexingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy == Policy ? this : new(Window, MaxTableSize, PeerLimit, policy, Announced, Smallest);
    }

    /// <inheritdoc/>
    public bool Equals(EncoderState? other) =>
        ReferenceEquals(this, other)
        || other is not null && MaxTableSize == other.MaxTableSize && PeerLimit == other.PeerLimit && Announced == other.Announced
        && Smallest == other.Smallest && Table == other.Table && Policy.Equals(other.Policy)
        && Log.Sightings(Sighted).SequenceEqual(other.Log.Sightings(other.Sighted));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EncoderState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxTableSize, PeerLimit, Announced, Smallest, Table);

    /// <summary>The limits, what is owed, and the table.</summary>
    public override string ToString() =>
        $"encoder, at most {MaxTableSize}, peer's limit {PeerLimit}{(OwesSizeUpdate ? ", owes a size update" : "")}; {Table}";
}
