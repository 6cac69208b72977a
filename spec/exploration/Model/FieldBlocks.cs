using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// Field blocks as units (RFC 9113 §4.3, §6.10), and what the ends owe each other of their tables (RFC 7541 §4.2): the peer's encoder a size update
/// behind a smaller bound, ours a block that a decoder of the peer's size can read.
/// </summary>
internal sealed class FieldBlocks
{
    private DecoderState _decoder = DecoderState.Create();

    /// <summary>The beginning of the block that the peer has not ended, or null.</summary>
    public Command.PeerHeaders? Open { get; private set; }

    /// <summary>How many CONTINUATION frames without octets belong to it.</summary>
    public int Empty { get; private set; }

    /// <summary>The most that the peer's encoder may use of our table now.</summary>
    public long TableSize { get; private set; } = WireConstants.InitialHeaderTableSize;

    /// <summary>The bound that it has to say it keeps to, or null.</summary>
    public long? Owed { get; private set; }

    /// <summary>Blocks that go on by themselves from here.</summary>
    public FieldBlocks Copy() => (FieldBlocks)MemberwiseClone();

    public void Begin(Command.PeerHeaders headers) => (Open, Empty) = (headers, 0);

    /// <summary>A part has come that has no octets.</summary>
    public void GoOn() => Empty++;

    /// <summary>The last part has come: the HEADERS that the block makes as a whole.</summary>
    public Command.PeerHeaders End()
    {
        var whole = Open! with { More = false };
        (Open, Empty) = (null, 0);
        return whole;
    }

    /// <summary>Whether a block decodes that begins with a size update, or with none (-1).</summary>
    public bool CanDecode(int update, uint acknowledged) => update < 0 ? Owed is null : update <= (Owed ?? acknowledged);

    /// <summary>A block was decoded, whatever became of its stream.</summary>
    public void Decode(int update)
    {
        if (update >= 0)
            (TableSize, Owed) = (update, null);
    }

    /// <summary>The peer has acknowledged a bound for our table.</summary>
    public void Acknowledge(uint bound)
    {
        if (bound < TableSize)
            (TableSize, Owed) = (bound, bound);
    }

    /// <summary>The peer's table has a bound, which our acknowledgement has told our encoder.</summary>
    public void LimitPeers(uint bound) => _decoder = _decoder.WithMaxTableSize((int)Math.Min(bound, int.MaxValue));

    /// <summary>Reads a block that we have sent; what is wrong with it, or null.</summary>
    public string? Read(Octets block)
    {
        if (!HpackDecoder.TryDecode(_decoder, block, out var decoded, out var error))
            return $"a block that the peer cannot read: {error.Kind}";
        _decoder = decoded.State;
        return null;
    }
}
