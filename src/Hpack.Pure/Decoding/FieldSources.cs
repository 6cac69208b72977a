using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// What the places of a list's fields refer to, besides the static table: octets of the list's own, and the entries of one or two logs. The
/// default value belongs to a list without fields.
/// </summary>
/// <remarks>
/// Lists are kept in requests and events, so that every octet here is paid for with each of them. Two logs and then two numbers are not
/// padded, as two pairs would be.
/// </remarks>
internal readonly struct FieldSources
{
    private readonly byte[] _arena;
    private readonly TableLog _log, _next;
    private readonly int _tail, _nextTail;

    /// <summary>Makes the sources of a list.</summary>
    /// <param name="arena">The octets of the list's own.</param>
    /// <param name="first">The log that the block started with.</param>
    /// <param name="last">The log that the block ended with; the same when it needed no other.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldSources(byte[] arena, in LogPrefix first, in LogPrefix last)
    {
        _arena = arena;
        (_log, _tail) = (first.Log, first.Tail);
        (_next, _nextTail) = (last.Log, last.Tail);
    }

    /// <summary>The octets at a place.</summary>
    /// <param name="place">Where they start, with the source.</param>
    /// <param name="length">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Slice(uint place, int length) => Source(place).AsSpan((int)(place & ~FieldRef.SourceMask), length);

    /// <summary>The octets at a place, as memory.</summary>
    /// <param name="place">Where they start, with the source.</param>
    /// <param name="length">How many there are.</param>
    public ReadOnlyMemory<byte> Memory(uint place, int length) => Source(place).AsMemory((int)(place & ~FieldRef.SourceMask), length);

    /// <summary>The octets by the source of a place, for a walk over the list.</summary>
    public ByteArrays Arrays => new(_log?.Bytes, _next?.Bytes, _arena);

    /// <summary>A field as a value of its own: the object that a table has for it already, or a new one.</summary>
    /// <param name="field">A field of the list.</param>
    public HeaderField Field(in FieldRef field)
    {
        var entry = EntryOf(field, out var log);
        return KnownField(field, log, entry) ?? NewField(field, log, entry, new byte[field.CopiedLength], 0);
    }

    /// <summary>The object that a table has for a field already, or null.</summary>
    /// <param name="field">A field of the list.</param>
    public HeaderField? KnownField(in FieldRef field)
    {
        var entry = EntryOf(field, out var log);
        return KnownField(field, log, entry);
    }

    /// <summary>A field for which there is no object yet.</summary>
    /// <param name="field">A field of the list.</param>
    /// <param name="octets">Where the octets are copied to.</param>
    /// <param name="at">From where on; <see cref="FieldRef.CopiedLength"/> octets are written.</param>
    public HeaderField NewField(in FieldRef field, byte[] octets, int at)
    {
        var entry = EntryOf(field, out var log);
        return NewField(field, log, entry, octets, at);
    }

    private static HeaderField? KnownField(in FieldRef field, TableLog log, int entry) =>
        entry >= 0 ? log.KnownField(entry)
        : (field.ValueAt & FieldRef.SourceMask) == FieldRef.InStatic ? StaticTable.Fields[StaticTable.IndexOf(field)]
        : null;

    // A field that is an entry of a log becomes the entry's object, which is the same for everybody.
    private HeaderField NewField(in FieldRef field, TableLog log, int entry, byte[] octets, int at)
    {
        var made = HeaderField.Copy(
            Slice(field.NameAt, field.NameLength), Slice(field.ValueAt, field.ValueLength), field.Token, field.NeverIndexed, octets, at);
        return entry >= 0 ? log.KeepField(entry, made) : made;
    }

    // The number of the entry that a field is, and its log; -1 when it is no entry of a log.
    private int EntryOf(in FieldRef field, out TableLog log)
    {
        var source = field.ValueAt & FieldRef.SourceMask;
        var isNext = source == FieldRef.InNextLog;
        log = isNext ? _next : _log;
        return source is FieldRef.InStatic or FieldRef.InArena ? -1 : log.IndexOf(field, isNext ? _nextTail : _tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte[] Source(uint place) => (place & FieldRef.SourceMask) switch
    {
        FieldRef.InStatic => StaticTable.Bytes,
        FieldRef.InArena => _arena,
        FieldRef.InNextLog => _next.Bytes,
        _ => _log.Bytes,
    };

    /// <summary>The arrays by the top bits of a place, so that a walk need not branch for each string.</summary>
    [InlineArray(4)]
    public struct ByteArrays
    {
        // How far right the bits of FieldRef.SourceMask are shifted to count from 0.
        private const int SourceShift = 30;

        private byte[]? _first;

        /// <summary>Puts the arrays in the order of <see cref="FieldRef.InLog"/>, InNextLog, InArena and InStatic.</summary>
        /// <param name="log">The octets of the log that the block started with.</param>
        /// <param name="next">The octets of the log that the block ended with.</param>
        /// <param name="arena">The octets of the list's own.</param>
        public ByteArrays(byte[]? log, byte[]? next, byte[]? arena) =>
            (this[0], this[1], this[2], this[3]) = (log, next, arena, StaticTable.Bytes);

        /// <summary>The octets at a place.</summary>
        /// <param name="place">Where they start, with the source.</param>
        /// <param name="length">How many there are.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly ReadOnlySpan<byte> Slice(uint place, int length) =>
            this[(int)(place >> SourceShift)].AsSpan((int)(place & ~FieldRef.SourceMask), length);
    }
}
