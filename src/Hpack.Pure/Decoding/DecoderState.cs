namespace Hpack.Pure;

/// <summary>
/// Everything a decoder remembers between blocks: the dynamic table and its limits. Immutable, thread-safe, equal by content; a state may
/// be kept for ever and decoded from any number of times.
/// </summary>
/// <remarks>
/// States share an append-only log, so a state that is kept may keep older and newer entries alive besides its own: at most twice
/// its table's limit (or 512) in octets, and one 16-octet record for each 16 octets of the limit, whatever was decoded; and those of these
/// entries that somebody asked for as a <see cref="HeaderField"/>.
/// </remarks>
public sealed class DecoderState : IEquatable<DecoderState>
{
    /// <summary>No size update is owed.</summary>
    internal const int NothingOwed = -1;

    internal readonly TableLog Log;
    internal readonly int Head;
    internal readonly int Tail;
    internal readonly int Size;

    /// <summary>The limit in force: the last size update.</summary>
    internal readonly int MaxSize;

    /// <summary>The most the next block's first size update may say, or <see cref="NothingOwed"/>.</summary>
    internal readonly int Owed;

    /// <summary>The state after a block that changed no limit, on the same log.</summary>
    internal DecoderState(DecoderState from, in TableWindow table)
    {
        (Log, MaxSize, MaxTableSize, Owed) = (from.Log, from.MaxSize, from.MaxTableSize, from.Owed);
        (Head, Tail, Size) = (table.Head, table.Tail, table.Size);
    }

    internal DecoderState(in TableWindow table, int maxSize, int maxTableSize, int owed)
    {
        var fit = table.Fit(maxSize);
        (Log, Head, Tail, Size) = (fit.Log, fit.Head, fit.Tail, fit.Size);
        (MaxSize, MaxTableSize, Owed) = (maxSize, maxTableSize, owed);
    }

    /// <summary>The SETTINGS_HEADER_TABLE_SIZE in force, in octets: what a size update may not exceed (RFC 7541 §6.3).</summary>
    public int MaxTableSize { get; }

    /// <summary>Whether the next block must start with a size update, as the limit went below what the table used (RFC 7541 §4.2).</summary>
    public bool OwesSizeUpdate => Owed != NothingOwed;

    /// <summary>The dynamic table.</summary>
    public DynamicTable Table => new(Window, MaxSize);

    internal TableWindow Window => new(Log, Head, Tail, Size, sighted: 0);

    /// <summary>The state before the first block.</summary>
    /// <param name="maxTableSize">The SETTINGS_HEADER_TABLE_SIZE in force at the start, in octets; from 0.</param>
    public static DecoderState Create(int maxTableSize = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        return new(TableWindow.Empty, maxTableSize, maxTableSize, NothingOwed);
    }

    /// <summary>
    /// The state after the peer acknowledged a new SETTINGS_HEADER_TABLE_SIZE. When it is below the table's present limit, the next block
    /// must start with a size update that conforms (RFC 7541 §4.2, RFC 9113 §4.3.1).
    /// </summary>
    /// <param name="maxTableSize">The new setting, in octets; from 0.</param>
    public DecoderState WithMaxTableSize(int maxTableSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        if (maxTableSize == MaxTableSize)
            return this;
        if (maxTableSize >= MaxSize)
            return new(Window, MaxSize, maxTableSize, Owed);
        // The peer's encoder evicts before its next block and must say so there; doing it now keeps the table within the setting.
        return new(Window.Evict(maxTableSize), maxTableSize, maxTableSize, maxTableSize);
    }

    /// <inheritdoc/>
    public bool Equals(DecoderState? other) =>
        ReferenceEquals(this, other)
        || other is not null && MaxTableSize == other.MaxTableSize && Owed == other.Owed && Table == other.Table;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DecoderState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxTableSize, Owed, Table);

    /// <summary>The limit, what is owed, and the table.</summary>
    public override string ToString() =>
        $"decoder, at most {MaxTableSize}{(OwesSizeUpdate ? $", owed a size update to {Owed} or less" : "")}; {Table}";
}
