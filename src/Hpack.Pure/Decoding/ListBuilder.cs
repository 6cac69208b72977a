using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The list of a block being decoded. It grows behind the lists that an arena holds already, or by itself. Nobody sees it before
/// <see cref="AppendTo"/> or <see cref="ToList"/>.
/// </summary>
internal ref struct ListBuilder
{
    /// <summary>Room for fields; those of this list end at <see cref="RefsEnd"/>. A loop over many fields keeps these four in registers.</summary>
    public Span<FieldRef> Refs;

    /// <summary>Where the next field goes.</summary>
    public int RefsEnd;

    /// <summary>The sum of the fields' sizes, with those that were left out.</summary>
    public long Size;

    /// <summary>No field is listed once the sizes sum to more than this.</summary>
    public long MaxSize;

    // The array of the fields, or null while the caller's room is enough, and where this list starts in it.
    private FieldRef[]? _refsArray;
    private int _refsStart;

    // The same of the octets that belong to the list: those of literals that were not inserted.
    private Span<byte> _octets;
    private byte[]? _octetsArray;
    private int _octetsStart;

    // Whether the arrays are for this list only, and not for more lists that follow.
    private bool _isForOne;

    // The logs that fields refer to; the second one, and how many fields were listed before it, once the table has moved.
    private LogPrefix _first;
    private LogPrefix _second;
    private int _refsBeforeSecond;

    /// <summary>Begins a list.</summary>
    /// <param name="log">The log that the block starts with.</param>
    /// <param name="tail">Behind its newest entry.</param>
    /// <param name="maxSize">List no more fields once their sizes sum to more than this.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // not a constructor: what that makes is copied to its place, which stalls
    public void Start(TableLog log, int tail, long maxSize)
    {
        _first = new(log, tail);
        MaxSize = maxSize;
    }

    /// <summary>Puts the list into an arena, behind what that has.</summary>
    /// <param name="arena">The arena; it does not change before <see cref="AppendTo"/>.</param>
    public void PutInto(FieldArena arena)
    {
        Refs = _refsArray = arena.Refs;
        _refsStart = RefsEnd = arena.RefsEnd;
        _octets = _octetsArray = arena.Bytes;
        _octetsStart = OctetsEnd = arena.BytesEnd;
    }

    /// <summary>Makes the list one with arrays of its own. It is put together in the caller's room while that is enough.</summary>
    /// <param name="refs">Room for fields.</param>
    /// <param name="octets">Room for octets.</param>
    public void PutInto(Span<FieldRef> refs, Span<byte> octets)
    {
        Refs = refs;
        _octets = octets;
        _isForOne = true;
    }

    /// <summary><see cref="FieldRef.InLog"/>, or <see cref="FieldRef.InNextLog"/> after the table has moved to another log.</summary>
    public uint Source { readonly get; private set; }

    /// <summary>How many octets the sizes of further fields may sum to; negative once the list is beyond its bound.</summary>
    public readonly long SizeLeft => MaxSize - Size;

    /// <summary>The octets that belong to the list, and room for more.</summary>
    public readonly Span<byte> Octets => _octets;

    /// <summary>Where the octets that belong to the list end.</summary>
    public int OctetsEnd { readonly get; set; }

    private readonly bool Overflowed => Size > MaxSize;

    private readonly LogPrefix Last => Source == FieldRef.InLog ? _first : _second;

    /// <summary>The list, which is the arena's from now on: the next list follows it there.</summary>
    /// <param name="arena">The arena of <see cref="PutInto(FieldArena)"/>.</param>
    /// <param name="fields">The list.</param>
    public readonly void AppendTo(FieldArena arena, out FieldList fields)
    {
        // Mostly these are the same arrays still, and comparing a reference costs less than storing one.
        if (arena.Refs != _refsArray)
            arena.Refs = _refsArray!;
        if (arena.Bytes != _octetsArray)
            arena.Bytes = _octetsArray!;
        (arena.RefsEnd, arena.BytesEnd) = (RefsEnd, OctetsEnd);
        fields = new(_refsArray!, _refsStart, RefsEnd - _refsStart, new(_octetsArray!, _first, Last), Size, Overflowed);
    }

    /// <summary>The list, which has arrays of its own.</summary>
    public readonly HeaderList ToList() => new(
        _refsArray ?? Refs[..RefsEnd].ToArray(), RefsEnd, _octetsArray ?? _octets[..OctetsEnd].ToArray(), _first, Last, Size);

    /// <summary>Whether there is no room for one more field.</summary>
    public readonly bool IsFull => RefsEnd == Refs.Length;

    /// <summary>Whether so many octets of the list's own fit at <see cref="OctetsEnd"/>.</summary>
    /// <param name="count">How many.</param>
    public readonly bool HasRoom(int count) => _octets.Length - OctetsEnd >= count;

    /// <summary>Counts the size of a field.</summary>
    /// <param name="size">The field's size.</param>
    /// <returns>Whether the list is still within its bound, so that the field is to be listed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Count(long size)
    {
        Size += size;
        return !Overflowed;
    }

    /// <summary>
    /// Lists a field that was counted, when there is room. By value and inlined, so that a field that has just been put together goes to its
    /// place from registers: copying what was stored in parts would stall.
    /// </summary>
    /// <param name="field">The field, with its source.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(FieldRef field) => Refs[RefsEnd++] = field;

    /// <summary>Makes room for at least one more field.</summary>
    /// <param name="read">How many octets of the block are read.</param>
    /// <param name="left">How many are left.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void GrowRefs(int read, int left)
    {
        var used = Refs[_refsStart..RefsEnd];
        // A field takes an octet of the block at least, and 32 of the list's size (RFC 7541 §4.1).
        var more = Expected(used.Length, Math.Min(left, Math.Max(0, SizeLeft) / 32), read, left);
        Refs = _refsArray = FieldArena.Grow(used, more + 1, _isForOne ? 0 : FieldArena.NextRefs(Refs.Length));
        _refsStart = 0;
        RefsEnd = used.Length;
    }

    /// <summary>Makes room for octets of the list's own, at <see cref="OctetsEnd"/>.</summary>
    /// <param name="count">How many must fit.</param>
    /// <param name="read">How many octets of the block are read.</param>
    /// <param name="left">How many are left.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void GrowOctets(int count, int read, int left)
    {
        var used = _octets[_octetsStart..OctetsEnd];
        if (count > FieldRef.MostOctets - used.Length)
            throw new InsufficientMemoryException("the fields of one block take more than 1 GiB");
        // The shortest code has five bits, so an octet of the block is two of the list's at most.
        var more = Expected(used.Length, Math.Min(2 * left, Math.Max(0, SizeLeft)), read, left);
        _octets = _octetsArray = FieldArena.Grow(
            used, Math.Max(count, more), _isForOne ? 0 : FieldArena.NextBytes(_octets.Length));
        foreach (ref var field in Refs[_refsStart..RefsEnd])
            field.MoveInArena(_octetsStart);
        OctetsEnd = used.Length;
        _octetsStart = 0;
    }

    /// <summary>Before the table is moved to another log: the list may refer to what was appended to the present one.</summary>
    /// <param name="log">The present log.</param>
    /// <param name="tail">Behind the newest entry.</param>
    public void NoteTail(TableLog log, int tail)
    {
        if (Source == FieldRef.InLog)
            _first = new(log, tail);
        else
            _second = new(log, tail);
    }

    /// <summary>After the table was moved: what is listed from now on refers to another log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="tail">Behind the newest entry.</param>
    public void GoOnIn(TableLog log, int tail)
    {
        Source = FieldRef.InNextLog;
        _second = new(log, tail);
        _refsBeforeSecond = RefsEnd - _refsStart;
    }

    /// <summary>
    /// Before the table is moved to a third log: a list refers to two at most, so the octets of the second one are copied, and the fields that
    /// were there refer to the copy.
    /// </summary>
    /// <param name="octets">The octets of the second log.</param>
    /// <param name="read">How many octets of the block are read.</param>
    /// <param name="left">How many are left.</param>
    public void LeaveSecond(ReadOnlySpan<byte> octets, int read, int left)
    {
        // No field is in the second log when the list has been beyond its bound ever since.
        if (_refsBeforeSecond == RefsEnd - _refsStart)
            return;
        if (!HasRoom(octets.Length))
            GrowOctets(octets.Length, read, left);
        octets.CopyTo(_octets[OctetsEnd..]);
        foreach (ref var field in Refs[(_refsStart + _refsBeforeSecond)..RefsEnd])
            field.MoveToArena(OctetsEnd);
        OctetsEnd += octets.Length;
    }

    // How many more of something the rest of the block may bring, going by what it brought so far, and at most what it can.
    private static int Expected(int used, long most, int read, int left)
    {
        var expected = (long)used * left / Math.Max(1, read);
        return (int)Math.Min(expected + expected / 8 + 1, most);
    }
}
