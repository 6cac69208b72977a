using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// Counts the octets that come on one connection, and those of field blocks among them. It looks at the headers of frames alone, which may be cut
/// anywhere. One thread counts at a time.
/// </summary>
internal sealed class WireCounter
{
    private readonly byte[] _head = new byte[FrameHeader.Size];
    private int _headLength;

    // What is left of the payload of the last frame.
    private int _payloadLeft;

    /// <summary>All octets of frames.</summary>
    public long Octets { get; private set; }

    /// <summary>The octets of field blocks, as they were compressed.</summary>
    public long BlockOctets { get; private set; }

    /// <summary>Takes what has come.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="counts">Whether they are counted, or only followed.</param>
    public void Take(ReadOnlySpan<byte> octets, bool counts)
    {
        if (counts)
            Octets += octets.Length;
        while (_payloadLeft < octets.Length)
        {
            octets = octets[_payloadLeft..];
            _payloadLeft = 0;
            if (_headLength == 0 && octets.Length >= FrameHeader.Size)
            {
                Begin(octets, counts);
                octets = octets[FrameHeader.Size..];
                continue;
            }
            var taken = Math.Min(FrameHeader.Size - _headLength, octets.Length);
            octets[..taken].CopyTo(_head.AsSpan(_headLength));
            _headLength += taken;
            octets = octets[taken..];
            if (_headLength < FrameHeader.Size)
                return;
            _headLength = 0;
            Begin(_head, counts);
        }
        _payloadLeft -= octets.Length;
    }

    private void Begin(ReadOnlySpan<byte> head, bool counts)
    {
        var header = FrameHeader.Parse(head);
        _payloadLeft = header.Length;
        if (counts && header.CarriesFieldBlock)
            BlockOctets += header.Length;
    }
}
