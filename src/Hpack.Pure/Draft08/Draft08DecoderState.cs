using System.Collections.Immutable;

namespace Hpack.Pure;

/// <summary>
/// Everything a draft-08 decoder remembers between blocks: the header table, the reference set and their limits. Immutable, thread-safe,
/// equal by content; a state may be kept for ever and decoded from any number of times.
/// </summary>
/// <remarks>States share an append-only log; a state that is kept keeps no more alive than a <see cref="DecoderState"/> does.</remarks>
public sealed class Draft08DecoderState : IEquatable<Draft08DecoderState>
{
    internal readonly Draft08Table HeaderTable;

    internal Draft08DecoderState(Draft08Table table, int maxTableSize, bool owesSizeUpdate)
    {
        HeaderTable = table;
        MaxTableSize = maxTableSize;
        OwesSizeUpdate = owesSizeUpdate;
    }

    /// <summary>The SETTINGS_HEADER_TABLE_SIZE in force, in octets: the most that a block may set the limit to (draft 08 §5.1).</summary>
    public int MaxTableSize { get; }

    /// <summary>Whether the next block must say a table size before its first field, as the setting went below the limit.</summary>
    public bool OwesSizeUpdate { get; }

    /// <summary>The dynamic table, newest entry first; draft 08 numbers its entries from 1.</summary>
    public DynamicTable Table => HeaderTable.View;

    /// <summary>Whether the reference set holds each entry of <see cref="Table"/> (draft 08 §3.3).</summary>
    public ImmutableArray<bool> ReferenceSet => HeaderTable.ReferencesNewestFirst;

    /// <summary>The state before the first block.</summary>
    /// <param name="maxTableSize">The SETTINGS_HEADER_TABLE_SIZE in force at the start, in octets; from 0.</param>
    public static Draft08DecoderState Create(int maxTableSize = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        return new(Draft08Table.Create(maxTableSize), maxTableSize, false);
    }

    /// <summary>
    /// The state after the peer acknowledged a new SETTINGS_HEADER_TABLE_SIZE. When it is below the table's present limit, entries are
    /// evicted at once, and the next block must say a table size that conforms before its first field (draft 08 §5.1).
    /// </summary>
    /// <param name="maxTableSize">The new setting, in octets; from 0.</param>
    public Draft08DecoderState WithMaxTableSize(int maxTableSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        return maxTableSize < HeaderTable.MaxSize
            ? new(HeaderTable.Resize(maxTableSize), maxTableSize, true)
            : new(HeaderTable, maxTableSize, OwesSizeUpdate);
    }

    /// <inheritdoc/>
    public bool Equals(Draft08DecoderState? other) =>
        ReferenceEquals(this, other)
        || other is not null && MaxTableSize == other.MaxTableSize && OwesSizeUpdate == other.OwesSizeUpdate
        && HeaderTable.Equals(other.HeaderTable);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Draft08DecoderState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HeaderTable, MaxTableSize, OwesSizeUpdate);

    /// <summary>The limit, what is owed, and the table with its references.</summary>
    public override string ToString() =>
        $"draft-08 decoder, at most {MaxTableSize}{(OwesSizeUpdate ? ", owed a size update" : "")}; {HeaderTable}";
}
