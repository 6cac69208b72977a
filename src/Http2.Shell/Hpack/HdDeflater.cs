using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell.Hpack;

/// <summary>
/// Header compression for one direction of one connection: a mutable face over <see cref="HpackEncoder"/> (or
/// <see cref="Draft08Encoder"/>), which are pure. Not thread-safe.
/// </summary>
/// <example>
/// <code>
/// var deflater = new HdDeflater();
/// var block = deflater.Deflate([("foo", "bar"), ("baz", "buz")]);
/// Console.WriteLine(Convert.ToHexStringLower(block));
/// </code>
/// </example>
public sealed class HdDeflater
{
    private EncoderState _state;
    private Draft08EncoderState? _draft08;

    /// <summary>Starts with an empty table.</summary>
    /// <param name="hdTableBufsizeMax">
    /// The most of the table to use, in octets, whatever the peer allows; from 0. The peer's decoder decides how large the table may be,
    /// and it takes as much memory at either end; this caps it at ours. Until <see cref="ChangeTableSize"/> the peer is taken to allow
    /// <see cref="HdDefaults.DefaultHeaderTableSize"/>.
    /// </param>
    /// <param name="dialect">What the peer's decoder speaks.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public HdDeflater(
        int hdTableBufsizeMax = HdDefaults.DeflateMaxHeaderTableSize, HpackDialect dialect = HpackDialect.Rfc7541)
    {
        Dialect = HdDialects.Check(dialect);
        _state = EncoderState.Create(hdTableBufsizeMax);
        _draft08 = dialect == HpackDialect.Draft08 ? Draft08EncoderState.Create(hdTableBufsizeMax) : null;
    }

    /// <summary>What the peer's decoder speaks.</summary>
    public HpackDialect Dialect { get; }

    /// <summary>Deflates a header list.</summary>
    /// <param name="headers">The fields; those marked never indexed stay out of every table (RFC 7541 §6.2.3).</param>
    /// <returns>One complete header block.</returns>
    public byte[] Deflate(IEnumerable<HeaderField> headers)
    {
        var fields = headers as IReadOnlyList<HeaderField> ?? [.. headers];
        if (_draft08 is not null)
        {
            var set = Draft08Encoder.Encode(_draft08, fields);
            _draft08 = set.State;
            return set.Block.Span.ToArray();
        }
        var list = HpackEncoder.Encode(_state, fields);
        _state = list.State;
        return list.Block.Span.ToArray();
    }

    /// <summary>Deflates a header list given as text, which is encoded as UTF-8.</summary>
    /// <param name="headers">Names and values.</param>
    /// <returns>One complete header block.</returns>
    public byte[] Deflate(IEnumerable<(string Name, string Value)> headers) =>
        Deflate(headers.Select(pair => new HeaderField(Octets.FromString(pair.Name), Octets.FromString(pair.Value))));

    /// <summary>Deflates a header list given as octets, which are copied.</summary>
    /// <param name="headers">Names and values.</param>
    /// <returns>One complete header block.</returns>
    public byte[] Deflate(IEnumerable<(byte[] Name, byte[] Value)> headers) =>
        Deflate(headers.Select(pair => new HeaderField(Octets.Copy(pair.Name), Octets.Copy(pair.Value))));

    /// <summary>Deflates a header list given as pairs of text, such as a dictionary's.</summary>
    /// <param name="headers">Names and values.</param>
    /// <returns>One complete header block.</returns>
    public byte[] Deflate(IEnumerable<KeyValuePair<string, string>> headers) =>
        Deflate(headers.Select(pair => (pair.Key, pair.Value)));

    /// <summary>
    /// Does without the reference set: each block from now on empties it first. RFC 7541 has no reference set; there this is accepted and
    /// changes nothing.
    /// </summary>
    /// <param name="noRefset">Whether to do without.</param>
    public void SetNoRefset(bool noRefset) => _draft08 = _draft08?.WithReferenceSet(!noRefset);

    /// <summary>
    /// Changes the table size the peer allows, as its SETTINGS_HEADER_TABLE_SIZE does. The constructor's size stays the cap. The next block
    /// says what changed (RFC 7541 §4.2).
    /// </summary>
    /// <param name="hdTableBufsizeMax">In octets; from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void ChangeTableSize(int hdTableBufsizeMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hdTableBufsizeMax);
        _state = _state.WithPeerLimit((uint)hdTableBufsizeMax);
        _draft08 = _draft08?.WithPeerLimit((uint)hdTableBufsizeMax);
    }

    /// <summary>A copy of the present dynamic table.</summary>
    public HdTable GetHdTable() =>
        _draft08 is null ? HdTable.Copy(_state.Table, []) : HdTable.Copy(_draft08.Table, _draft08.ReferenceSet);
}
