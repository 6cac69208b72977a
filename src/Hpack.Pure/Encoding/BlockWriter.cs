using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// The span face of the encoder: one block being written to a caller's buffer, field by field. Nothing is published until
/// <see cref="Complete"/>; a writer that is dropped has changed no state (its octets are the caller's to discard). Do not copy one that
/// has been written to: both copies would append to one table.
/// </summary>
public ref struct BlockWriter
{
    // The room that a field takes besides its octets: an index, and the overhead of two strings.
    private const int Overhead = PrefixInteger.MaxLength + 2 * StringLiteral.Overhead;

    private EncoderState _state;
    private int _start;
    private IndexingPolicy _policy;

    // The buffer that the block goes to, or null while the caller's span is enough. The room that the block is being written to, and what
    // is left of it.
    private OutputBuffer? _output;
    private Span<byte> _target;
    private Span<byte> _free;

    private EncoderTable _table;

    /// <summary>Starts a block: writes the size updates that <paramref name="state"/> owes.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="output">
    /// Where the block goes, behind the octets that are there already. Nobody else may write to the buffer until <see cref="Complete"/>,
    /// which counts the block as written.
    /// </param>
    public BlockWriter(EncoderState state, OutputBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Start(state, output, output.Room(0));
    }

    /// <summary>Starts a block: writes the size updates that a state owes.</summary>
    /// <param name="state">The state to encode from; it stays valid.</param>
    /// <param name="output">Where the block goes; null when it goes to a buffer of the writer's own, if at all.</param>
    /// <param name="target">The room in that buffer, or the caller's room, which the block goes to while it is enough.</param>
    [MemberNotNull(nameof(_state), nameof(_policy))]
    internal void Start(EncoderState state, OutputBuffer? output, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _output = output;
        _start = output?.Length ?? 0;
        _target = _free = target;
        _policy = state.Policy;
        _table.Start(state);
        // RFC 7541 §4.2: the smallest limit since the last block, if it was below the final one, and the final one.
        if (!state.OwesSizeUpdate)
            return;
        if (state.Smallest < state.Limit)
            WriteSizeUpdate(state.Smallest);
        WriteSizeUpdate(state.Limit);
    }

    /// <summary>Writes one field by the state's indexing policy.</summary>
    /// <param name="field">The field; reuse those that are sent often.</param>
    public void Write(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.StaticIndex != 0 && !field.NeverIndexed)
        {
            WriteOctet((byte)(Representation.Indexed | field.StaticIndex));
            return;
        }
        ReadOnlySpan<byte> name = field.NameSpan, value = field.ValueSpan;
        var token = field.Token;
        var indexing = field.NeverIndexed ? Indexing.Never : _policy.Decide(token, name, value);
        if (indexing is Indexing.Without or Indexing.Never)
            WriteLiteral(name, value, token, indexing, field.NameHash);
        else if (_table.FindField(name, value, token, field.FieldHashCode) is var entry and >= 0)
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
        // From here on a name of the static table is known by its number, and its octets are not looked at again.
        var token = StaticTable.FindName(name, print, nameHash);
        if (neverIndexed)
        {
            WriteLiteral(name, value, token, Indexing.Never, nameHash);
            return;
        }
        var valuePrint = Fingerprint.Of(value);
        if (StaticTable.MayHaveValue(token, value.Length) && StaticTable.FindValue(token, valuePrint) is var index and not 0)
        {
            WriteOctet((byte)(Representation.Indexed | index));
            return;
        }
        var indexing = _policy.Decide(token, name, value);
        if (indexing is Indexing.Without or Indexing.Never)
        {
            WriteLiteral(name, value, token, indexing, nameHash);
            return;
        }
        var fieldHash = Fingerprint.HashOfField(nameHash, valuePrint.Hash);
        if (_table.FindField(name, value, token, fieldHash) is var entry and >= 0)
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
            WriteOctet((byte)(Representation.Indexed | index));
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

    /// <summary>Ends the block as <see cref="Complete"/> does, and gives its octets.</summary>
    internal EncoderState CompleteBlock(out ReadOnlySpan<byte> block)
    {
        var last = Flush();
        block = _output is null ? last : _output.Written(_start);
        return _table.Complete(_state);
    }

    /// <summary>
    /// Gives the block up: takes its octets out of the buffer, and leaves the state as quick to encode from as it was. A writer may as
    /// well just be dropped.
    /// </summary>
    public readonly void Discard()
    {
        _table.Abandon();
        // A block that outgrew its first room was counted as written up to there.
        _output?.Truncate(_start);
    }

    // Writes a field that the table lacks and that the policy wants in it, perhaps not at once. A separate method, so that the hot path
    // keeps its registers: most fields are in the table.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteNew(
        scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, Indexing indexing, uint nameHash, uint fieldHash)
    {
        var size = name.Length + value.Length + 32;
        // A field that would evict most of the table costs more than it is likely to save.
        if (size > _table.MaxSize / 4 * 3)
            WriteLiteral(name, value, token, Indexing.Without, nameHash);
        else if ((indexing == Indexing.OnSecondSight || _table.Crowds(nameHash, size, _policy.Share)) && !_table.WasSighted(fieldHash))
        {
            WriteLiteral(name, value, token, Indexing.Without, nameHash);
            _table.Sight(fieldHash);
        }
        else
        {
            WriteLiteral(name, value, token, Indexing.Incremental, nameHash);
            _table.Insert(name, value, token, nameHash, fieldHash);
        }
    }

    // RFC 7541 §6.1.
    private void WriteIndexed(int entry) =>
        Take(PrefixInteger.Write(Room(PrefixInteger.MaxLength), Representation.Indexed, Representation.IndexedPrefix, _table.IndexOf(entry)));

    // RFC 7541 §6.2.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLiteral(
        scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, byte token, Indexing indexing, uint nameHash)
    {
        var target = Room(checked(name.Length + value.Length + Overhead));
        var index = token != 0 ? token : _table.FindName(name, nameHash);
        var length = indexing switch
        {
            Indexing.Incremental => PrefixInteger.Write(target, Representation.Incremental, Representation.IncrementalPrefix, index),
            Indexing.Without => PrefixInteger.Write(target, Representation.Without, Representation.WithoutPrefix, index),
            _ => PrefixInteger.Write(target, Representation.Never, Representation.NeverPrefix, index),
        };
        if (index == 0)
            length += StringLiteral.Write(target[length..], name);
        length += StringLiteral.Write(target[length..], value);
        Take(length);
    }

    private void WriteSizeUpdate(int size) => Take(PrefixInteger.Write(Room(PrefixInteger.MaxLength), Representation.SizeUpdate, Representation.SizeUpdatePrefix, size));

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

    // Counts the octets that were put into the room as written, and gives them.
    private ReadOnlySpan<byte> Flush()
    {
        var written = _target[..^_free.Length];
        _output?.Take(written.Length);
        _target = _free;
        return written;
    }
}
