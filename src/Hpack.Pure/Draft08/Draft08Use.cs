namespace Hpack.Pure;

/// <summary>What a block has done with an entry so far.</summary>
internal enum Draft08Use : byte
{
    /// <summary>Nothing so far.</summary>
    None,

    /// <summary>The entry was emitted, so that it will not be emitted again at the block's end (draft 08 §4.2).</summary>
    Emitted,

    /// <summary>The encoder leaves the entry in the reference set, so that the end of the block emits it.</summary>
    LeftToTheEnd,
}
