using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// A dynamic table while a block is encoded or decoded, in either dialect: it evicts, and appends entries to the log behind those that are
/// published. Nobody sees what it appends before <see cref="Publish"/>, so the table that it started from stays what it was.
/// </summary>
/// <remarks>
/// A mutable struct, so that a block allocates nothing for it: it is a field of whoever works on the block, and must not be copied once it has
/// appended. On the stack only, as storing a reference costs more where it may be on the heap.
/// </remarks>
internal ref struct TableBuilder
{
    // The log that the table started on, and the version of it that the table is the newest at.
    private TableLog _first;
    private int _firstVersion;

    // Whether that log is still claimed by this builder, so that nobody else can append to it.
    private bool _holdsFirst;

    // Whether the present log may be appended to; its octets from _bytesEnd on are free then.
    private bool _claimed;
    private TableLog _log;
    private int _bytesEnd;
    private int _head;
    private int _tail;
    private int _size;
    private int _maxSize;
    private int _sighted;

    /// <summary>Begins with the table of a state.</summary>
    /// <param name="table">The table; it stays valid.</param>
    /// <param name="maxSize">The limit in force, in octets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // not a constructor: what that makes is copied to its place, which stalls
    public void Start(in TableWindow table, int maxSize)
    {
        _log = _first = table.Log;
        _firstVersion = table.Version;
        _head = table.Head;
        _tail = table.Tail;
        _size = table.Size;
        _sighted = table.Sighted;
        _maxSize = maxSize;
    }

    /// <summary>The present log.</summary>
    public readonly TableLog Log => _log;

    /// <summary>The number of the oldest entry.</summary>
    public readonly int Head => _head;

    /// <summary>The number that the next entry will have.</summary>
    public readonly int Tail => _tail;

    /// <summary>How many entries there are.</summary>
    public readonly int Count => _tail - _head;

    /// <summary>The sum of the entries' sizes (RFC 7541 §4.1).</summary>
    public readonly int Size => _size;

    /// <summary>The limit in force, in octets.</summary>
    public readonly int MaxSize => _maxSize;

    /// <summary>How many of the log's sightings belong to the table.</summary>
    public readonly int Sighted => _sighted;

    /// <summary>Where the log's free octets start. Only meaningful while <see cref="HasRoom"/> holds.</summary>
    public readonly int BytesEnd => _bytesEnd;

    /// <summary>Whether something was appended, or may be without a further claim.</summary>
    public readonly bool IsClaimed => _claimed;

    /// <summary>The table as it is now, for a state.</summary>
    public readonly TableWindow Window => new(_log, _head, _tail, _size, _sighted);

    /// <summary>
    /// The number of the entry that is so many places behind the newest; and the other way round, how many places behind the newest an entry
    /// is.
    /// </summary>
    /// <param name="other">A distance from the newest entry, or an entry's number.</param>
    public readonly int FromNewest(int other) => _tail - 1 - other;

    /// <summary>The number of the entry that an HPACK index stands for (RFC 7541 §2.3.3); below <see cref="Head"/> when there is none.</summary>
    /// <param name="index">An index above that of the static table's last entry.</param>
    public readonly int EntryAt(int index) => FromNewest(index - DynamicTable.FirstIndex);

    /// <summary>The field that an HPACK index stands for, in the static table or in this one.</summary>
    /// <param name="index">From 1; the entry is known to be there.</param>
    public readonly ref readonly FieldRef At(int index) =>
        ref index <= StaticTable.Count ? ref StaticTable.Refs[index] : ref _log.Entries[EntryAt(index)];

    /// <summary>
    /// Whether an entry can be appended, as the log is claimed by this builder and has room for the entry. When not, go on with
    /// <see cref="Move"/>.
    /// </summary>
    /// <param name="octets">How many octets the entry has, without those of a name of the static table.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(int octets)
    {
        if (!_claimed && !TryClaim())
            return false;
        return _log.Bytes.Length - _bytesEnd >= octets && _tail != _log.Entries.Length;
    }

    /// <summary>
    /// Goes on in a copy of the live entries, with room for more. If nothing was appended to the log that the table started on, others may
    /// append to it from now on. Otherwise a list or a field may refer to what was appended, and the log stays claimed.
    /// </summary>
    /// <param name="octets">How many octets must fit besides the live entries.</param>
    /// <param name="moreEntries">How many entries must fit besides the live ones and the next.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Move(int octets, int moreEntries = 0)
    {
        if (_log == _first && _tail + _sighted == _firstVersion && _bytesEnd == _log.BytesEnd)
            Release();
        var full = _log;
        _log = full.Compact(_head, _tail, octets, _maxSize, moreEntries);
        _sighted = _log.CopySightings(full, _sighted);
        _claimed = true;
        (_head, _tail, _bytesEnd) = (0, _tail - _head, _log.BytesEnd);
    }

    /// <summary>Appends octets to the log, for which <see cref="HasRoom"/> has held.</summary>
    /// <returns>Where they are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Append(scoped ReadOnlySpan<byte> octets)
    {
        var at = (uint)_bytesEnd;
        octets.CopyTo(_log.Bytes.AsSpan(_bytesEnd));
        _bytesEnd += octets.Length;
        return at;
    }

    /// <summary>Counts octets as appended that were put behind <see cref="BytesEnd"/>.</summary>
    /// <param name="bytesEnd">The first octet that is free still.</param>
    public void AppendTo(int bytesEnd) => _bytesEnd = bytesEnd;

    /// <summary>
    /// Makes a field whose octets were appended the newest entry, and evicts as many of the oldest as that takes (RFC 7541 §4.4).
    /// </summary>
    /// <param name="field">The field; not larger than <see cref="MaxSize"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(FieldRef field)
    {
        Evict(field.Size);
        _log.Entries[_tail++] = field;
        _size += field.Size;
    }

    /// <summary>Evicts the oldest entries until there is room (RFC 7541 §4.3, §4.4).</summary>
    /// <param name="needed">How many octets of the limit must be free, 0 to <see cref="MaxSize"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Evict(int needed)
    {
        while (_size > _maxSize - needed)
            _size -= _log.Entries[_head++].Size;
    }

    /// <summary>Evicts every entry.</summary>
    public void EvictAll()
    {
        _head = _tail;
        _size = 0;
    }

    /// <summary>Changes the limit, and evicts what is beyond it (RFC 7541 §4.3).</summary>
    /// <param name="maxSize">The new limit in octets, from 0.</param>
    public void Resize(int maxSize)
    {
        _maxSize = maxSize;
        Evict(0);
    }

    /// <summary>Notes that a field was seen and not inserted. The log must be claimed; <see cref="HasRoom"/> claims it.</summary>
    /// <param name="fieldHash">The hash of the field's name and value.</param>
    /// <returns>Whether there was room; when not, go on with <see cref="Move"/>.</returns>
    public bool TrySight(uint fieldHash)
    {
        if (!_log.TrySight(_sighted, fieldHash))
            return false;
        _sighted++;
        return true;
    }

    /// <summary>Ends the block: lets the state that is made of <see cref="Window"/> append to the log next.</summary>
    public readonly void Publish()
    {
        if (_claimed)
            _log.Publish(_tail + _sighted, _bytesEnd);
    }

    /// <summary>
    /// Lets others append to the log that the table started on. What this builder has appended there is lost: nobody may have a reference to
    /// it, and the builder itself must have moved.
    /// </summary>
    public void Release()
    {
        Abandon();
        _holdsFirst = false;
    }

    /// <summary>Gives the block up: others may append to the log that the table started on, as if the block had never begun.</summary>
    public readonly void Abandon()
    {
        if (_holdsFirst)
            _first.Release(_firstVersion);
    }

    // Before the first claim the log is the one that the table started on.
    private bool TryClaim()
    {
        if (!_first.TryClaim(_firstVersion))
            return false;
        _claimed = _holdsFirst = true;
        _bytesEnd = _first.BytesEnd;
        return true;
    }
}
