using System.Collections.Immutable;

namespace Hpack.Pure;

/// <summary>Everything a draft-08 encoder remembers between blocks. Immutable, thread-safe, equal by content.</summary>
/// <remarks>States share an append-only log; a state that is kept keeps no more alive than an <see cref="EncoderState"/> does.</remarks>
public sealed class Draft08EncoderState : IEquatable<Draft08EncoderState>
{
    internal readonly Draft08Table HeaderTable;

    /// <summary>The limit the decoder was told of last.</summary>
    internal readonly int Announced;

    /// <summary>The smallest limit since then.</summary>
    internal readonly int Smallest;

    private readonly Choices _choices;

    private Draft08EncoderState(Draft08Table table, in Choices choices, int announced, int smallest)
    {
        _choices = choices;
        Announced = announced;
        Smallest = Math.Min(smallest, choices.Limit);
        // Draft 08 §5.2: a lower limit evicts at once; the decoder hears of it at the start of the next block.
        HeaderTable = table.Resize(choices.Limit);
    }

    /// <summary>The most this encoder uses for its table, in octets, whatever the peer allows.</summary>
    public int MaxTableSize => _choices.MaxTableSize;

    /// <summary>The peer's SETTINGS_HEADER_TABLE_SIZE.</summary>
    public uint PeerLimit => _choices.PeerLimit;

    /// <summary>Which fields go into the table.</summary>
    public IndexingPolicy Policy => _choices.Policy;

    /// <summary>Whether blocks are differences to the one before; otherwise each block empties the reference set first.</summary>
    public bool UsesReferenceSet => _choices.UsesReferenceSet;

    /// <summary>The dynamic table, newest entry first; draft 08 numbers its entries from 1.</summary>
    public DynamicTable Table => HeaderTable.View;

    /// <summary>Whether the reference set holds each entry of <see cref="Table"/> (draft 08 §3.3).</summary>
    public ImmutableArray<bool> ReferenceSet => HeaderTable.ReferencesNewestFirst;

    /// <summary>Whether the next block starts with a new table size (draft 08 §5.1).</summary>
    public bool OwesSizeUpdate => _choices.Limit != Announced || Smallest != Announced;

    /// <summary>
    /// The state before the first block; the peer's limit is 4,096 octets until <see cref="WithPeerLimit"/> says otherwise.
    /// </summary>
    /// <param name="maxTableSize">
    /// The most this encoder will ever use, in octets, whatever the peer allows; from 0. Below 4,096 the first block says so.
    /// </param>
    /// <param name="usesReferenceSet">Whether blocks are differences to the one before.</param>
    /// <param name="policy">Which fields go into the table; by default <see cref="IndexingPolicy.Default"/>.</param>
    public static Draft08EncoderState Create(
        int maxTableSize = EncoderState.DefaultTableSize, bool usesReferenceSet = true, IndexingPolicy? policy = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        const int start = EncoderState.DefaultTableSize;
        return new(
            Draft08Table.Create(start), new(maxTableSize, start, policy ?? IndexingPolicy.Default, usesReferenceSet), start, start);
    }

    /// <summary>
    /// The state after the peer's SETTINGS_HEADER_TABLE_SIZE became <paramref name="peerLimit"/>. The next block starts with the sizes this
    /// owes: the smallest since the last block, then the final one.
    /// </summary>
    /// <param name="peerLimit">The peer's setting, 0 to 2^32-1.</param>
    public Draft08EncoderState WithPeerLimit(uint peerLimit) =>
        new(HeaderTable, _choices with { PeerLimit = peerLimit }, Announced, Smallest);

    /// <summary>The state that uses the reference set from the next block on, or does without it.</summary>
    /// <param name="usesReferenceSet">Whether blocks are differences to the one before.</param>
    public Draft08EncoderState WithReferenceSet(bool usesReferenceSet) =>
        new(HeaderTable, _choices with { UsesReferenceSet = usesReferenceSet }, Announced, Smallest);

    /// <summary>The state that goes by <paramref name="policy"/> from now on.</summary>
    /// <param name="policy">Which fields go into the table.</param>
    public Draft08EncoderState WithPolicy(IndexingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(HeaderTable, _choices with { Policy = policy }, Announced, Smallest);
    }

    /// <inheritdoc/>
    public bool Equals(Draft08EncoderState? other) =>
        ReferenceEquals(this, other)
        || other is not null && MaxTableSize == other.MaxTableSize && PeerLimit == other.PeerLimit
        && UsesReferenceSet == other.UsesReferenceSet && Announced == other.Announced && Smallest == other.Smallest
        && Policy.Equals(other.Policy) && HeaderTable.Equals(other.HeaderTable);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Draft08EncoderState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxTableSize, PeerLimit, UsesReferenceSet, Announced, Smallest, HeaderTable);

    /// <summary>The limits, what is owed, and the table with its references.</summary>
    public override string ToString() =>
        $"draft-08 encoder, at most {MaxTableSize}, peer's limit {PeerLimit}"
        + $"{(OwesSizeUpdate ? ", owes a size update" : "")}; {HeaderTable}";

    /// <summary>The state after a block, which has announced what was owed.</summary>
    internal Draft08EncoderState After(Draft08Table table) =>
        new(table, _choices, _choices.Limit, _choices.Limit);

    /// <summary>What the application and the peer have asked for.</summary>
    private readonly record struct Choices(int MaxTableSize, uint PeerLimit, IndexingPolicy Policy, bool UsesReferenceSet)
    {
        /// <summary>The table's limit: the lower of what this encoder wants and what the peer allows.</summary>
        public int Limit => (int)Math.Min((uint)MaxTableSize, PeerLimit);
    }
}
