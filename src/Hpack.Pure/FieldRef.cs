using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// A field as two slices, 20 octets long: where its octets are, not the octets themselves. The top two bits of a place say which
/// array it points into, so that one list can mix fields of the static table, of two logs and of an arena.
/// </summary>
internal struct FieldRef
{
    /// <summary>Places in the log that the block started with.</summary>
    public const uint InLog = 0;

    /// <summary>Places in the log that the block went on with when the first one was full or taken.</summary>
    public const uint InNextLog = 1u << 30;

    /// <summary>Places in the arena, counted from where the list starts.</summary>
    public const uint InArena = 2u << 30;

    /// <summary>Places in the static table's octets; setting <see cref="InNextLog"/> as well changes nothing.</summary>
    public const uint InStatic = 3u << 30;

    /// <summary>The bits of a place that say which array.</summary>
    public const uint SourceMask = 3u << 30;

    private const uint NeverBit = 1;

    /// <summary>Where the name starts, with its source.</summary>
    public uint NameAt;

    /// <summary>Where the value starts, with its source.</summary>
    public uint ValueAt;

    private uint _nameAndToken;
    private uint _valueAndFlags;

    /// <summary>Which entry of the dynamic table's log this is, from 1; minus the index of a static entry; 0 for a literal.</summary>
    public int Entry;

    /// <summary>The first static index with this name, or 0.</summary>
    public readonly byte Token => (byte)_nameAndToken;

    /// <summary>The name's length, up to 2^24-1.</summary>
    public readonly int NameLength => (int)(_nameAndToken >> 8);

    /// <summary>The value's length, up to 2^24-1.</summary>
    public readonly int ValueLength => (int)(_valueAndFlags >> 1);

    /// <summary>Whether it came as a literal never indexed.</summary>
    public readonly bool NeverIndexed => (_valueAndFlags & NeverBit) != 0;

    /// <summary>Both lengths and 32 (RFC 7541 §4.1).</summary>
    public readonly int Size => NameLength + ValueLength + 32;

    /// <summary>Sets the name but for its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetName(int length, byte token) => _nameAndToken = (uint)length << 8 | token;

    /// <summary>Takes the name of <paramref name="other"/>, and its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetName(in FieldRef other)
    {
        NameAt = other.NameAt;
        _nameAndToken = other._nameAndToken;
    }

    /// <summary>Sets the value but for its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetValue(int length, bool neverIndexed) => _valueAndFlags = (uint)length << 1 | (neverIndexed ? NeverBit : 0);

    /// <summary>Makes places in a log places in the log that <paramref name="source"/> names; static places stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rebase(uint source)
    {
        NameAt |= source;
        ValueAt |= source;
    }
}
