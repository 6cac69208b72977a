using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The span face of the encoder: one block being written to a caller's buffer, field by field. Nothing is published until
/// <see cref="Complete"/>; a writer that is dropped has changed no state (its octets are the caller's to discard). Do not copy one that
/// has been written to: both copies would append to one table.
/// </summary>
public ref struct BlockWriter
{
    // What a field takes besides its octets: an index, and what writing two strings takes.
    private const int Overhead = PrefixInteger.MaxLength + 2 * StringLiteral.Overhead;

    private readonly EncoderState _state;
    private readonly int _limit;
    private readonly int _start;
    private readonly IndexingPolicy _policy;

    // The buffer, or null while a caller's span is enough; the room it gave, and what is left of that.
    private OutputBuffer? _output;
    private Span<byte> _target;
    private Span<byte> _free;

    // The table: a window over the log.
    private TableLog _log;
    private int _head;
    private int _tail;
    private int _size;

    // The log's octets up to here are ours once the log is claimed.
    private int _bytesEnd;
    private int _sighted;
    private bool _claimed;

    /// <summary>Starts a block: writes the size updates that <paramref name="state"/> owes.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="output">
    /// Where the block goes, behind the octets that are there already. It is the writer's until <see cref="Complete"/>, which counts the
    /// block as written.
    /// </param>
    public BlockWriter(EncoderState state, OutputBuffer output)
        : this(state, output ?? throw new ArgumentNullException(nameof(output)), output.Room(0))
    {
    }

    /// <summary>Starts a block that goes to a span, and to a buffer of its own when that is too small.</summary>
    internal BlockWriter(EncoderState state, Span<byte> target)
        : this(state, null, target)
    {
    }

    private BlockWriter(EncoderState state, OutputBuffer? output, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _output = output;
        _start = output?.Length ?? 0;
        _target = _free = target;
        _limit = state.Limit;
        _policy = state.Policy;
        _log = state.Log;
        (_head, _tail, _size, _sighted) = (state.Head, state.Tail, state.Size, state.Sighted);
        // RFC 7541 §4.2: the smallest limit since the last block, if it was below the final one, and the final one.
        if (!state.OwesSizeUpdate)
            return;
        if (state.Smallest < _limit)
            WriteSizeUpdate(state.Smallest);
        WriteSizeUpdate(_limit);
    }

    /// <summary>Writes one field by the state's indexing policy.</summary>
    /// <param name="field">The field; reuse those that are sent often.</param>
    public void Write(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.StaticIndex != 0 && !field.NeverIndexed)
        {
            WriteOctet((byte)(0x80 | field.StaticIndex));
            return;
        }
        ReadOnlySpan<byte> name = field.NameSpan, value = field.ValueSpan;
        var token = field.Token;
        var indexing = field.NeverIndexed ? Indexing.Never : _policy.Decide(token, name, value);
        if (indexing is Indexing.Without or Indexing.Never)
            WriteLiteral(name, value, token, indexing, field.NameHash);
        else if (FindField(name, value, token, field.FieldHashCode) is var entry and >= 0)
            WriteIndexed(entry);
        else
            WriteNew(name, value, token, indexing, field.NameHash, field.FieldHashCode);
    }

    /// <summary>Writes a field from spans; never indexed when asked.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="value">The value.</param>
    /// <param name="neverIndexed">Whether no hop may put the field into a dynamic table (RFC 7541 §7.1.3).</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, bool neverIndexed = false)
    {
        var print = Fingerprint.Of(name);
        var nameHash = print.Hash;
        // From here on a name of the static table is a number, and its octets need not be looked at again.
        var token = StaticTable.FindName(name, print, nameHash);
        if (neverIndexed)
        {
            WriteLiteral(name, value, token, Indexing.Never, nameHash);
            return;
        }
        var valuePrint = Fingerprint.Of(value);
        if (StaticTable.MayHaveValue(token, value.Length) && StaticTable.FindValue(token, valuePrint) is var index and not 0)
        {
            WriteOctet((byte)(0x80 | index));
            return;
        }
        var indexing = _policy.Decide(token, name, value);
        if (indexing is Indexing.Without or Indexing.Never)
        {
            WriteLiteral(name, value, token, indexing, nameHash);
            return;
        }
        var fieldHash = Fingerprint.HashOfField(nameHash, valuePrint.Hash);
        if (FindField(name, value, token, fieldHash) is var entry and >= 0)
            WriteIndexed(entry);
        else
            WriteNew(name, value, token, indexing, nameHash, fieldHash);
    }

    /// <summary>Writes <c>:status</c>; 200, 204, 206, 304, 400, 404 and 500 are one octet.</summary>
    /// <param name="status">100 to 999.</param>
    public void WriteStatus(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 999);
        var index = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (index != 0)
        {
            WriteOctet((byte)(0x80 | index));
            return;
        }
        Span<byte> digits = [(byte)('0' + status / 100), (byte)('0' + status / 10 % 10), (byte)('0' + status % 10)];
        Write(":status"u8, digits);
    }

    /// <summary>Writes <c>content-length</c> as a literal without indexing, without allocating.</summary>
    /// <param name="length">From 0.</param>
    public void WriteContentLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(length, digits, out var count);
        var value = digits[..count];
        WriteLiteral("content-length"u8, value, StaticTable.ContentLength, Indexing.Without, 0);
    }

    /// <summary>Ends the block, and counts it as written.</summary>
    /// <returns>The state to encode the next block from; the same object when the block told nothing new.</returns>
    public EncoderState Complete() => CompleteBlock(out _);

    /// <summary>The same, and gives the block.</summary>
    internal EncoderState CompleteBlock(out ReadOnlySpan<byte> block)
    {
        var last = Flush();
        block = _output is null ? last : _output.Written(_start);
        if (_claimed)
            _log.Publish(_tail + _sighted, _bytesEnd);
        return !_claimed && !_state.OwesSizeUpdate ? _state : new(_state, _log, _head, _tail, _size, _sighted, _limit);
    }

    /// <summary>
    /// Gives the block up: takes its octets out of the buffer, and leaves the state as quick to encode from as it was. A writer may as
    /// well just be dropped.
    /// </summary>
    public readonly void Discard()
    {
        if (_claimed && _log == _state.Log)
            _log.Release(_state.Version);
        // One that outgrew its room was counted as far as it went.
        _output?.Truncate(_start);
    }

    // A field that the table lacks and the policy wants in it, perhaps not at once. Apart from what comes before, whose few registers and
    // locals it would take: most fields are in the table.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteNew(
        scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, Indexing indexing, uint nameHash, uint fieldHash)
    {
        var size = name.Length + value.Length + 32;
        // One that would evict most of the table costs more than it is likely to save.
        if (size > _limit / 4 * 3)
            WriteLiteral(name, value, token, Indexing.Without, nameHash);
        else if ((indexing == Indexing.OnSecondSight || Crowds(nameHash, size)) && !WasSighted(fieldHash))
        {
            WriteLiteral(name, value, token, Indexing.Without, nameHash);
            Sight(fieldHash);
        }
        else
        {
            WriteLiteral(name, value, token, Indexing.Incremental, nameHash);
            Insert(name, value, token, nameHash, fieldHash);
        }
    }

    // Whether a field would take the place of others although its name has its share of the table already.
    private readonly bool Crowds(uint nameHash, int size) =>
        _size + size > _limit && _policy.Share is var share and not 0
        && (long)_log.CountName(_head, _tail, nameHash) * share > _tail - _head;

    private readonly bool WasSighted(uint fieldHash) => _log.Sightings(_sighted).Contains(fieldHash);

    private void Sight(uint fieldHash)
    {
        MakeRoom(0);
        while (!_log.TrySight(_sighted, fieldHash))
            ChangeLog(0);
        _sighted++;
    }

    // RFC 7541 §6.1.
    private void WriteIndexed(int entry) =>
        Take(PrefixInteger.Write(Room(PrefixInteger.MaxLength), 0x80, 0x7f, IndexOf(entry)));

    // RFC 7541 §6.2.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLiteral(
        scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, Indexing indexing, uint nameHash)
    {
        var target = Room(checked(name.Length + value.Length + Overhead));
        var index = token != 0 ? token : FindName(name, nameHash);
        var length = indexing switch
        {
            Indexing.Incremental => PrefixInteger.Write(target, 0x40, 0x3f, index),
            Indexing.Without => PrefixInteger.Write(target, 0x00, 0x0f, index),
            _ => PrefixInteger.Write(target, 0x10, 0x0f, index),
        };
        if (index == 0)
            length += StringLiteral.Write(target[length..], name);
        length += StringLiteral.Write(target[length..], value);
        Take(length);
    }

    // The newest entry with this name and value, or -1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FindField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint hash)
    {
        var newest = _log.Newest(hash);
        if (newest < _head)
            return -1;
        return newest < _tail && IsField(newest, name, value, token) ? newest : SearchField(name, value, token, hash);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int SearchField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint hash)
    {
        var tail = _tail;
        while ((tail = _log.FindFieldHash(_head, tail, hash)) >= 0 && !IsField(tail, name, value, token))
        {
        }
        return tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsField(int index, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token)
    {
        ref readonly var entry = ref _log.Entries[index];
        return entry.Token == token && value.SequenceEqual(_log.Bytes.AsSpan((int)entry.ValueAt, entry.ValueLength))
            && (token != 0 || name.SequenceEqual(_log.Bytes.AsSpan((int)entry.NameAt, entry.NameLength)));
    }

    // The index of the newest entry with this name, or 0. For names the static table lacks.
    private readonly int FindName(scoped ReadOnlySpan<byte> name, uint hash)
    {
        var tail = _tail;
        while ((tail = _log.FindNameHash(_head, tail, hash)) >= 0)
        {
            if (name.SequenceEqual(_log.Name(tail)))
                return IndexOf(tail);
        }
        return 0;
    }

    private readonly int IndexOf(int entry) => _tail - 1 - entry + DynamicTable.FirstIndex;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Insert(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, uint nameHash, uint fieldHash)
    {
        var own = (token == 0 ? name.Length : 0) + value.Length;
        MakeRoom(own);
        FieldRef field = default;
        field.SetName(name.Length, token);
        field.SetValue(value.Length, neverIndexed: false);
        field.NameAt = token == 0 ? Append(name) : StaticTable.Refs[token].NameAt;
        field.ValueAt = Append(value);
        // RFC 7541 §4.4: the oldest go first, until there is room. The field is known to fit an empty table.
        while (_size > _limit - field.Size)
            _size -= _log.Entries[_head++].Size;
        _log.Entries[_tail] = field;
        _log.SetHashes(_tail, nameHash, fieldHash);
        _tail++;
        _size += field.Size;
    }

    private uint Append(scoped ReadOnlySpan<byte> octets)
    {
        var at = (uint)_bytesEnd;
        octets.CopyTo(_log.Bytes.AsSpan(_bytesEnd));
        _bytesEnd += octets.Length;
        return at;
    }

    // Makes sure that the log is ours and has room for an entry of so many octets.
    private void MakeRoom(int octets)
    {
        if (!_claimed && (_claimed = _log.TryClaim(_state.Version)))
            _bytesEnd = _log.BytesEnd;
        if (!_claimed || _log.Bytes.Length - _bytesEnd < octets || _tail == _log.Entries.Length)
            ChangeLog(octets);
    }

    private void ChangeLog(int octets)
    {
        var full = _log;
        _log = full.Compact(_head, _tail, octets, _limit, hashed: true);
        _sighted = _log.CopySightings(full, _sighted);
        // Nobody has seen what this block appended to the full one.
        if (_claimed && full == _state.Log)
            full.Release(_state.Version);
        _claimed = true;
        (_head, _tail, _bytesEnd) = (0, _tail - _head, _log.BytesEnd);
    }

    private void WriteSizeUpdate(int size) => Take(PrefixInteger.Write(Room(PrefixInteger.MaxLength), 0x20, 0x1f, size));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteOctet(byte octet)
    {
        Room(1)[0] = octet;
        Take(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int count)
    {
        if (_free.Length < count)
            Grow(count);
        return _free;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int count) => _free = _free[count..];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        var written = Flush();
        if (_output is null)
        {
            _output = new OutputBuffer(checked(2 * (written.Length + count)));
            _output.Write(written);
        }
        _target = _free = _output.Room(count);
    }

    // Counts as written what was, and gives what that is since the last time.
    private ReadOnlySpan<byte> Flush()
    {
        var written = _target[..^_free.Length];
        _output?.Take(written.Length);
        _target = _free;
        return written;
    }
}
