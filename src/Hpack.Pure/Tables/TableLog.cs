using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The append-only log that successive dynamic tables share. A table is a window over it: entries from its head to its tail. Entries
/// before a published end are never rewritten, so a table stays valid for ever. To append, a block claims the end with one
/// compare-and-swap, which succeeds for the newest table only; a block that starts from an older table, or at the same time as another
/// block, or finds the log full, copies the live entries to a log of its own.
/// </summary>
/// <param name="bytes">Room for octets.</param>
/// <param name="entries">Room for entries.</param>
/// <param name="hashed">Whether to keep hashes, for an encoder's look-ups.</param>
internal sealed class TableLog(int bytes, int entries, bool hashed)
{
    private const int Claimed = -1;
    private const int LeastBytes = 512;
    private const int LeastEntries = 16;

    /// <summary>How many of the fields that were seen and not inserted a table remembers.</summary>
    public const int SightingsSpan = 128;

    private const int LeastSightings = 32, MostSightings = 1024;

    /// <summary>The log of every decoder's empty table that has not been written to. It has no room and is never claimed.</summary>
    public static readonly TableLog Empty = new(0, 0, hashed: false);

    /// <summary>An empty log for encoders, whose logs keep hashes.</summary>
    public static readonly TableLog EmptyHashed = new(0, 0, hashed: true);

    /// <summary>Whether it keeps hashes of its entries, as an encoder's log does.</summary>
    public bool IsHashed => NameHashes.Length != 0 || this == EmptyHashed;

    /// <summary>The octets of names (but for those of the static table) and values.</summary>
    public readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(bytes);

    /// <summary>The entries, oldest first.</summary>
    public readonly FieldRef[] Entries = GC.AllocateUninitializedArray<FieldRef>(entries);

    /// <summary>A hash of each entry's name and value; empty in a decoder's log.</summary>
    public readonly uint[] FieldHashes = hashed ? GC.AllocateUninitializedArray<uint>(entries) : [];

    /// <summary>A hash of each entry's name; empty in a decoder's log.</summary>
    public readonly uint[] NameHashes = hashed ? GC.AllocateUninitializedArray<uint>(entries) : [];

    // Hash slots: the low bits of a field's hash lead to the number of the newest entry with those bits, plus 1. An entry only ever takes
    // the slot of an older one. So for a table, a number below its head means that the field is absent, a number inside its window is a
    // candidate, and a number at or past its tail, which a later block has put there, means unknown: search. Written by the owner of the
    // claim, read by anyone; an int is read and written as a whole.
    private readonly int[] _newest = hashed ? new int[RoundUp(2 * entries)] : [];

    // The hashes of fields that were seen and not inserted, oldest first. A table knows those before an end of its own, the last
    // SightingsSpan of them. Written by the owner of the claim, who replaces a full array by a longer one that starts with the same hashes.
    private uint[] _sightings = [];

    // The entries as objects, each made when it is first asked for. Threads that make one at the same time make equal ones, and any of them
    // may be kept.
    private HeaderField?[]? _fields;

    // The version of the newest table, which is the number of entries and sightings that are published; or Claimed, while a block appends.
    private int _end;

    /// <summary>How many octets are in use. Belongs to whoever holds the claim.</summary>
    public int BytesEnd { get; private set; }

    /// <summary>The most octets that the log of a table with this limit has, in the long run.</summary>
    public static int BytesFor(int maxTableSize) => (int)Math.Clamp(2L * maxTableSize, LeastBytes, FieldRef.MostOctets);

    /// <summary>The most entries that the log of a table with this limit has, in the long run.</summary>
    public static int EntriesFor(int maxTableSize) => Math.Max(LeastEntries, maxTableSize / 16);

    /// <summary>Whether a state with this limit may keep the log alive.</summary>
    public bool Fits(int maxTableSize) => Bytes.Length <= BytesFor(maxTableSize) && Entries.Length <= EntriesFor(maxTableSize);

    /// <summary>
    /// Claims the end of the log for a block that starts from the table of this version. Succeeds when that table is the newest one and
    /// nobody else holds the claim.
    /// </summary>
    public bool TryClaim(int version) => Entries.Length != 0 && Interlocked.CompareExchange(ref _end, Claimed, version) == version;

    /// <summary>Ends the claim, and lets a table of this version be seen.</summary>
    public void Publish(int version, int bytesEnd)
    {
        BytesEnd = bytesEnd;
        Volatile.Write(ref _end, version);
    }

    /// <summary>Ends the claim as if it had not been: what was appended is forgotten, and must not have been seen.</summary>
    public void Release(int version) => Volatile.Write(ref _end, version);

    /// <summary>Copies the entries from <paramref name="head"/> to <paramref name="tail"/> to a claimed log with room for more.</summary>
    /// <param name="head">The oldest live entry; it becomes entry 0.</param>
    /// <param name="tail">The number after that of the newest entry.</param>
    /// <param name="moreBytes">How many octets must fit besides the live entries.</param>
    /// <param name="maxTableSize">The table's limit, which bounds the room that is more than needed.</param>
    /// <param name="moreEntries">How many entries must fit besides the live ones and the next.</param>
    public TableLog Compact(int head, int tail, int moreBytes, int maxTableSize, int moreEntries = 0)
    {
        var live = 0;
        foreach (ref readonly var entry in Entries.AsSpan(head, tail - head))
            live += OwnLength(entry);
        var bytes = Capacity(live + moreBytes, Bytes.Length, BytesFor(maxTableSize), LeastBytes);
        if (bytes > FieldRef.MostOctets)
            throw new InsufficientMemoryException("the dynamic table's fields take more than 1 GiB");
        var entries = Capacity(tail - head + 1 + moreEntries, Entries.Length, EntriesFor(maxTableSize), LeastEntries);
        var copy = new TableLog(bytes, entries, IsHashed) { _end = Claimed };
        for (var i = head; i < tail; i++)
            copy.CopyEntry(this, i, i - head);
        if (IsHashed)
        {
            for (var i = head; i < tail; i++)
                copy.SetHashes(i - head, NameHashes[i], FieldHashes[i]);
        }
        return copy;
    }

    /// <summary>Keeps the hashes of an entry that is being appended. Only for the owner of the claim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHashes(int entry, uint nameHash, uint fieldHash)
    {
        NameHashes[entry] = nameHash;
        FieldHashes[entry] = fieldHash;
        _newest[fieldHash & (uint)(_newest.Length - 1)] = entry + 1;
    }

    /// <summary>
    /// The number in the slot of the hash of a name and value. Below the head: the table has no such field. From head to tail: the entry to
    /// compare first. At or past the tail: unknown, so search.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Newest(uint hash)
    {
        var newest = _newest;
        return newest.Length == 0 ? -1 : newest[hash & (uint)(newest.Length - 1)] - 1;
    }

    /// <summary>
    /// The newest entry from <paramref name="head"/> to <paramref name="tail"/> whose name and value have this hash, or -1. Different
    /// fields may have the same hash: to look further, search again with the number found as the tail.
    /// </summary>
    public int FindFieldHash(int head, int tail, uint hash) => Find(FieldHashes, head, tail, hash);

    /// <summary>
    /// The newest entry from <paramref name="head"/> to <paramref name="tail"/> whose name has this hash, or -1. To look further, search
    /// again with the number found as the tail.
    /// </summary>
    public int FindNameHash(int head, int tail, uint hash) => Find(NameHashes, head, tail, hash);

    /// <summary>How many entries from <paramref name="head"/> to <paramref name="tail"/> have a name with this hash.</summary>
    public int CountName(int head, int tail, uint hash) => NameHashes.AsSpan(head, tail - head).Count(hash);

    /// <summary>The last sightings before <paramref name="end"/>.</summary>
    public ReadOnlySpan<uint> Sightings(int end) =>
        _sightings.AsSpan(Math.Max(0, end - SightingsSpan), Math.Min(end, SightingsSpan));

    /// <summary>Notes a sighting; only for the owner of the claim.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TrySight(int end, uint hash)
    {
        if (end == MostSightings)
            return false;
        if (end == _sightings.Length)
            Array.Resize(ref _sightings, Math.Max(LeastSightings, 2 * end));
        _sightings[end] = hash;
        return true;
    }

    /// <summary>Takes over what a table on <paramref name="from"/> remembers.</summary>
    /// <returns>Where the sightings of the same table on this log end.</returns>
    public int CopySightings(TableLog from, int end)
    {
        _sightings = from.Sightings(end).ToArray();
        return _sightings.Length;
    }

    /// <summary>The octets a place refers to.</summary>
    public ReadOnlySpan<byte> Slice(uint place, int length) =>
        ((place & FieldRef.SourceMask) == FieldRef.InStatic ? StaticTable.Bytes : Bytes)
            .AsSpan((int)(place & ~FieldRef.SourceMask), length);

    /// <summary>The name of an entry.</summary>
    public ReadOnlySpan<byte> Name(int index) => Slice(Entries[index].NameAt, Entries[index].NameLength);

    /// <summary>The value of an entry.</summary>
    public ReadOnlySpan<byte> Value(int index) => Slice(Entries[index].ValueAt, Entries[index].ValueLength);

    /// <summary>An entry as a value of its own; the same object when asked again.</summary>
    public HeaderField Field(int index)
    {
        ref readonly var entry = ref Entries[index];
        return KnownField(index) ?? KeepField(
            index, HeaderField.Copy(Name(index), Value(index), entry.Token, neverIndexed: false, new byte[entry.CopiedLength], 0));
    }

    /// <summary>The object that was kept for an entry, or null.</summary>
    public HeaderField? KnownField(int index) => _fields?[index];

    /// <summary>Keeps an object for an entry.</summary>
    /// <returns>The one that is kept: somebody else's may have come first.</returns>
    public HeaderField KeepField(int index, HeaderField field)
    {
        var fields = _fields ??= new HeaderField?[Entries.Length];
        return fields[index] ??= field;
    }

    /// <summary>
    /// The number of the entry that a field of a list refers to, or -1 when the field is no entry: the octets of a literal that was too
    /// large for the table are in the log as well.
    /// </summary>
    /// <param name="field">A field whose value is in this log.</param>
    /// <param name="tail">The number after that of the newest entry that the list can refer to.</param>
    public int IndexOf(in FieldRef field, int tail)
    {
        for (var entry = field.Number; entry < tail; entry += (int)FieldRef.NumberStep)
        {
            if (Entries[entry].IsAt(field))
                return entry;
        }
        return -1;
    }

    private static int RoundUp(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)count);

    private static int Find(uint[] hashes, int head, int tail, uint hash)
    {
        var at = hashes.AsSpan(head, tail - head).LastIndexOf(hash);
        return at < 0 ? -1 : head + at;
    }

    private static int OwnLength(in FieldRef entry) =>
        entry.ValueLength + ((entry.NameAt & FieldRef.SourceMask) == FieldRef.InStatic ? 0 : entry.NameLength);

    // Twice what is needed, or eight times what there was, within bounds: the log of a connection whose few fields recur stays small, and
    // any other is soon at its bound. Never less than is needed.
    private static int Capacity(int needed, int before, int bound, int least) =>
        Math.Max(needed, (int)Math.Min(Math.Max(Math.Max(2L * needed, 8L * before), least), bound));

    private void CopyEntry(TableLog from, int index, int to)
    {
        var entry = from.Entries[index];
        if ((entry.NameAt & FieldRef.SourceMask) != FieldRef.InStatic)
            entry.NameAt = Append(from.Slice(entry.NameAt, entry.NameLength));
        entry.ValueAt = Append(from.Slice(entry.ValueAt, entry.ValueLength));
        entry.SetNumber(to);
        Entries[to] = entry;
    }

    private uint Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(Bytes.AsSpan(BytesEnd));
        var at = (uint)BytesEnd;
        BytesEnd += octets.Length;
        return at;
    }
}
