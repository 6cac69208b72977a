using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hpack.Pure;

/// <summary>
/// A field as two slices, 16 octets long: where its octets are, not the octets themselves. The top two bits of a place say which
/// array it points into, so that one list can mix fields of the static table, of two logs and of an arena.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct FieldRef
{
    /// <summary>Places in the log that the block started with.</summary>
    public const uint InLog = 0;

    /// <summary>Places in the log that the block went on with when the first one was full or taken.</summary>
    public const uint InNextLog = 1u << 30;

    /// <summary>Places in the arena's chunk.</summary>
    public const uint InArena = 2u << 30;

    /// <summary>Places in the static table's octets; setting <see cref="InNextLog"/> as well changes nothing.</summary>
    public const uint InStatic = 3u << 30;

    /// <summary>The bits of a place that say which array.</summary>
    public const uint SourceMask = 3u << 30;

    /// <summary>How many octets of an array places can tell apart.</summary>
    public const int MostOctets = 1 << 30;

    private const uint NeverBit = 1;

    // The value's length is above the flag and this many low bits of the entry's number.
    private const int NumberBits = 7;

    /// <summary>Entries whose numbers differ by this look alike.</summary>
    public const uint NumberStep = 1u << NumberBits;

    /// <summary>Where the name starts, with its source.</summary>
    public uint NameAt;

    /// <summary>Where the value starts, with its source.</summary>
    public uint ValueAt;

    private uint _nameAndToken;
    private uint _valueAndFlags;

    /// <summary>The first static index with this name, or 0.</summary>
    public readonly byte Token => (byte)_nameAndToken;

    /// <summary>The name's length, up to 2^24-1.</summary>
    public readonly int NameLength => (int)(_nameAndToken >> 8);

    /// <summary>The value's length, up to 2^24-1.</summary>
    public readonly int ValueLength => (int)(_valueAndFlags >> (NumberBits + 1));

    /// <summary>Whether the field came as a literal never indexed.</summary>
    public readonly bool NeverIndexed => (_valueAndFlags & NeverBit) != 0;

    /// <summary>How many octets a <see cref="HeaderField"/> copies of this: all, except a name of the static table.</summary>
    public readonly int CopiedLength => ValueLength + (Token == 0 ? NameLength : 0);

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
    public void SetValue(int length, bool neverIndexed) => _valueAndFlags = (uint)length << (NumberBits + 1) | (neverIndexed ? NeverBit : 0);

    /// <summary>
    /// Notes the low bits of the number of the entry that this is. To find the entry from a field of a list then takes one or two
    /// comparisons.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetNumber(int entry) =>
        _valueAndFlags = _valueAndFlags & ~((NumberStep - 1) << 1) | (uint)entry % NumberStep << 1;

    /// <summary>The low bits of the entry's number: its remainder by <see cref="NumberStep"/>.</summary>
    public readonly int Number => (int)(_valueAndFlags >> 1 & (NumberStep - 1));

    /// <summary>Whether both have the same octets at the same places, whichever source the places name.</summary>
    public readonly bool IsAt(in FieldRef other) =>
        ((NameAt ^ other.NameAt) & ~SourceMask) == 0 && ((ValueAt ^ other.ValueAt) & ~SourceMask) == 0
        && _nameAndToken == other._nameAndToken && _valueAndFlags == other._valueAndFlags;

    /// <summary>Makes places in a log places in the log that <paramref name="source"/> names; static places stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rebase(uint source)
    {
        NameAt |= source;
        ValueAt |= source;
    }

    /// <summary>The last argument of <see cref="CopyRebased"/> for a source.</summary>
    public static Vector128<uint> Rebasing(uint source) => Vector128.Create(source, source, 0, 0);

    /// <summary>Copies <paramref name="from"/> rebased, in one load and one store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyRebased(in FieldRef from, ref FieldRef to, Vector128<uint> rebasing) =>
        Unsafe.As<FieldRef, Vector128<uint>>(ref to) = Unsafe.As<FieldRef, Vector128<uint>>(ref Unsafe.AsRef(in from)) | rebasing;

    /// <summary>Moves places in the second log to the arena, where that log's octets were copied to.</summary>
    /// <param name="at">Where its first octet is now.</param>
    public void MoveToArena(int at)
    {
        if ((NameAt & SourceMask) == InNextLog)
            NameAt = (NameAt & ~SourceMask) + (uint)at | InArena;
        if ((ValueAt & SourceMask) == InNextLog)
            ValueAt = (ValueAt & ~SourceMask) + (uint)at | InArena;
    }

    /// <summary>Moves places in the arena towards its front.</summary>
    public void MoveInArena(int distance)
    {
        if ((NameAt & SourceMask) == InArena)
            NameAt -= (uint)distance;
        if ((ValueAt & SourceMask) == InArena)
            ValueAt -= (uint)distance;
    }
}
