using System.Collections.Immutable;
using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// The field blocks that came, in order. A block is decoded when its fields are first asked for, after all blocks before it, because they
/// change the dynamic table (RFC 7541 §2.2). So a case that asks for no fields does not fail on blocks that cannot be decoded.
/// </summary>
internal sealed class FieldHistory
{
    private readonly List<byte[]> _blocks = [];
    private readonly List<ImmutableArray<HeaderField>> _decoded = [];
    private DecoderState? _state;
    private List<byte>? _open;

    /// <summary>Applies a table size that the probe announced and the server acknowledged.</summary>
    public void Resize(int maxTableSize)
    {
        Decode(_blocks.Count);
        _state = (_state ?? DecoderState.Create()).WithMaxTableSize(maxTableSize);
    }

    /// <summary>Takes the fragment of a frame; gives the block's index when it is complete, else null.</summary>
    public int? Add(in WireFrame frame)
    {
        _open ??= [];
        _open.AddRange((frame.Type == FrameType.Continuation ? frame.Payload : frame.Content).Span);
        if (!frame.Has(FrameFlags.EndHeaders))
            return null;
        _blocks.Add([.. _open]);
        _open = null;
        return _blocks.Count - 1;
    }

    /// <summary>The octets of a block.</summary>
    public ReadOnlySpan<byte> Block(int index) => _blocks[index];

    /// <summary>The fields of a block.</summary>
    public ImmutableArray<HeaderField> Fields(int index)
    {
        Decode(index + 1);
        return _decoded[index];
    }

    /// <summary>The fields of a block as text of one character for each octet.</summary>
    public ImmutableArray<(string Name, string Value)> Text(int index) =>
        [.. Fields(index).Select(field => (Encoding.Latin1.GetString(field.Name.Span), Encoding.Latin1.GetString(field.Value.Span)))];

    private void Decode(int count)
    {
        while (_decoded.Count < count)
        {
            var block = new Octets(_blocks[_decoded.Count]);
            HpackDecoder.Decode(_state ??= DecoderState.Create(), block).Match(
                Right: decoded =>
                {
                    _state = decoded.State;
                    _decoded.Add(decoded.Fields.ToFields());
                },
                Left: error => throw Probe.Fail("a field block that can be decoded (RFC 7541)",
                    $"{error} in {Convert.ToHexStringLower(block.Span)}"));
        }
    }
}
