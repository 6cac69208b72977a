namespace Hpack.Pure;

/// <summary>What a block has done with an entry so far.</summary>
internal enum Draft08Use : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was emitted, so that it will not be emitted again at the block's end (draft 08 §4.2).</summary>
    Emitted,

    /// <summary>An encoder leaves it in the reference set for the block's end to emit it.</summary>
    LeftToTheEnd,
}
