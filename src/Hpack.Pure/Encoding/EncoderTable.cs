using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The encoder's dynamic table while a block is written: the table under construction, searched by hashes, and the fields that were seen and
/// not inserted. Like <see cref="TableBuilder"/> a mutable struct that must not be copied once it has appended.
/// </summary>
internal ref struct EncoderTable
{
    private TableBuilder _table;

    /// <summary>Begins with the table of a state.</summary>
    /// <param name="state">The state; it stays valid.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(EncoderState state) => _table.Start(state.Window, state.Limit);

    /// <summary>The limit in force, in octets.</summary>
    public readonly int MaxSize => _table.MaxSize;

    /// <summary>The table as it is now, for a state.</summary>
    public readonly TableWindow Window => _table.Window;

    /// <summary>The HPACK index of an entry (RFC 7541 §2.3.3).</summary>
    /// <param name="entry">The entry's number.</param>
    public readonly int IndexOf(int entry) => _table.FromNewest(entry) + DynamicTable.FirstIndex;

    /// <summary>The number of the newest entry with this name and value, or a negative one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="token">The first static index with this name, or 0.</param>
    /// <param name="hash">The hash of the name and value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int FindField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint hash)
    {
        var newest = _table.Log.Newest(hash);
        if (newest < _table.Head)
            return -1;
        return newest < _table.Tail && IsField(newest, name, value, token) ? newest : SearchField(name, value, token, hash);
    }

    /// <summary>The HPACK index of the newest entry with this name, or 0.</summary>
    /// <param name="name">A name that the static table lacks.</param>
    /// <param name="hash">The hash of the name.</param>
    public readonly int FindName(scoped ReadOnlySpan<byte> name, uint hash)
    {
        var log = _table.Log;
        var tail = _table.Tail;
        while ((tail = log.FindNameHash(_table.Head, tail, hash)) >= 0)
        {
            if (name.SequenceEqual(log.Name(tail)))
                return IndexOf(tail);
        }
        return 0;
    }

    /// <summary>Whether a field would evict others although its name has its share of the table already.</summary>
    /// <param name="nameHash">The hash of the name.</param>
    /// <param name="size">The field's size.</param>
    /// <param name="share">The share of the policy; 0 for no such bound.</param>
    public readonly bool Crowds(uint nameHash, int size, int share) =>
        _table.Size + size > _table.MaxSize && share != 0
        && (long)_table.Log.CountName(_table.Head, _table.Tail, nameHash) * share > _table.Count;

    /// <summary>Whether a field is among those that were seen last and not inserted.</summary>
    /// <param name="fieldHash">The hash of the name and value.</param>
    public readonly bool WasSighted(uint fieldHash) => _table.Log.Sightings(_table.Sighted).Contains(fieldHash);

    /// <summary>Notes that a field was seen and not inserted.</summary>
    /// <param name="fieldHash">The hash of the name and value.</param>
    public void Sight(uint fieldHash)
    {
        MakeRoom(0);
        while (!_table.TrySight(fieldHash))
            Move(0);
    }

    /// <summary>Makes a field the newest entry, and evicts as many of the oldest as that takes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value; the field fits an empty table.</param>
    /// <param name="token">The first static index with this name, or 0.</param>
    /// <param name="nameHash">The hash of the name.</param>
    /// <param name="fieldHash">The hash of the name and value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Insert(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint nameHash, uint fieldHash)
    {
        MakeRoom((token == 0 ? name.Length : 0) + value.Length);
        FieldRef field = default;
        field.SetName(name.Length, token);
        field.SetValue(value.Length, neverIndexed: false);
        field.NameAt = token == 0 ? _table.Append(name) : StaticTable.Refs[token].NameAt;
        field.ValueAt = _table.Append(value);
        _table.Log.SetHashes(_table.Tail, nameHash, fieldHash);
        _table.Add(field);
    }

    /// <summary>Ends the block.</summary>
    /// <param name="from">The state that the table was started with.</param>
    /// <returns>The state after the block: the same object when nothing has changed.</returns>
    public readonly EncoderState Complete(EncoderState from)
    {
        _table.Publish();
        return _table.IsClaimed || from.OwesSizeUpdate ? new(from, _table.Window) : from;
    }

    /// <summary>Gives the block up; the state that the table was started with can be encoded from as quickly as before.</summary>
    public readonly void Abandon() => _table.Abandon();

    // Apart from FindField, so that what that is inlined into keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int SearchField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint hash)
    {
        var tail = _table.Tail;
        while ((tail = _table.Log.FindFieldHash(_table.Head, tail, hash)) >= 0 && !IsField(tail, name, value, token))
        {
        }
        return tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsField(int index, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token)
    {
        var log = _table.Log;
        ref readonly var entry = ref log.Entries[index];
        return entry.Token == token && value.SequenceEqual(log.Bytes.AsSpan((int)entry.ValueAt, entry.ValueLength))
            && (token != 0 || name.SequenceEqual(log.Bytes.AsSpan((int)entry.NameAt, entry.NameLength)));
    }

    private void MakeRoom(int octets)
    {
        if (!_table.HasRoom(octets))
            Move(octets);
    }

    // A block's octets do not refer to the log, so nobody has seen what was appended to the one that is left: it is free for others again.
    private void Move(int octets)
    {
        _table.Move(octets);
        _table.Release();
    }
}
