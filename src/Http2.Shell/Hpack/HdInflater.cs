using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell.Hpack;

/// <summary>
/// Header decompression for one direction of one connection: a mutable face over <see cref="HpackDecoder"/> (or
/// <see cref="Draft08Decoder"/>), which are pure. Not thread-safe.
/// </summary>
/// <example>
/// <code>
/// var deflater = new HdDeflater();
/// var data = deflater.Deflate([("foo", "bar"), ("baz", "buz")]);
/// var inflater = new HdInflater();
/// foreach (var field in inflater.Inflate(data))
///     Console.WriteLine(field);
/// </code>
/// </example>
public sealed class HdInflater
{
    private DecoderState _state;
    private Draft08DecoderState? _draft08;

    /// <summary>Starts with an empty table of <see cref="HdDefaults.DefaultHeaderTableSize"/> octets.</summary>
    /// <param name="dialect">What the peer's encoder speaks.</param>
    public HdInflater(HpackDialect dialect = HpackDialect.Rfc7541)
    {
        Dialect = HdDialects.Check(dialect);
        _state = DecoderState.Create(HdDefaults.DefaultHeaderTableSize);
        _draft08 = dialect == HpackDialect.Draft08 ? Draft08DecoderState.Create(HdDefaults.DefaultHeaderTableSize) : null;
    }

    /// <summary>What the peer's encoder speaks.</summary>
    public HpackDialect Dialect { get; }

    /// <summary>Inflates one complete header block.</summary>
    /// <param name="data">The block: the fragments of a HEADERS or PUSH_PROMISE frame and its CONTINUATIONs, put together.</param>
    /// <returns>
    /// The fields: in order by RFC 7541 (§3.2); in no promised order by draft 08, which compresses sets.
    /// </returns>
    /// <exception cref="HdException">
    /// The block is in error (RFC 7541 §2.3.3, §4.2, §5, §6). This inflater keeps the state it had before the block; but the peer's encoder
    /// has moved on, so that in HTTP/2 the connection must end (COMPRESSION_ERROR, RFC 9113 §4.3).
    /// </exception>
    public ImmutableArray<HeaderField> Inflate(ReadOnlySpan<byte> data)
    {
        if (_draft08 is not null)
            return InflateDraft08(data);
        if (!HpackDecoder.TryDecode(_state, Octets.Copy(data), out var decoded, out var error))
            throw new HdException(error);
        _state = decoded.State;
        return decoded.Fields.ToFields();
    }

    /// <summary>
    /// Changes the table size this end allows, as an acknowledged SETTINGS_HEADER_TABLE_SIZE does. When it is below what the peer's encoder
    /// uses, the next block must begin with a size update (RFC 7541 §4.2).
    /// </summary>
    /// <param name="hdTableBufsizeMax">In octets; from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void ChangeTableSize(int hdTableBufsizeMax)
    {
        _state = _state.WithMaxTableSize(hdTableBufsizeMax);
        _draft08 = _draft08?.WithMaxTableSize(hdTableBufsizeMax);
    }

    /// <summary>A copy of the present dynamic table.</summary>
    public HdTable GetHdTable() =>
        _draft08 is null ? HdTable.Copy(_state.Table, []) : HdTable.Copy(_draft08.Table, _draft08.ReferenceSet);

    private ImmutableArray<HeaderField> InflateDraft08(ReadOnlySpan<byte> data)
    {
        var error = Draft08Decoder.Decode(_draft08!, data, out var fields, out _draft08);
        return error.IsNone ? fields : throw new HdException(error);
    }
}
