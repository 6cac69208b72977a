using System.Buffers;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>A frame as one end sent it.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Payload">Its payload; empty for DATA without padding, whose octets are not shown.</param>
/// <param name="Fields">The fields of the block that ends here; null when none does or it cannot be decoded.</param>
internal readonly record struct TracedFrame(FrameHeader Header, Octets Payload, IReadOnlyList<HeaderField>? Fields);

/// <summary>
/// Cuts one direction of a connection into frames and decodes its field blocks, with a compression state of its own. Not thread-safe.
/// </summary>
internal sealed class FrameReader(bool isClient)
{
    // A larger frame ends the connection, so its header is all that needs to be shown.
    private const int MaxKept = 256 * 1024;

    private static readonly byte[] Preface = WireConstants.Preface.ToArray();

    private readonly byte[] _head = new byte[FrameHeader.Size];
    private readonly ArrayBufferWriter<byte> _payload = new();
    private readonly ArrayBufferWriter<byte> _block = new();
    private DecoderState? _decoder = DecoderState.Create();
    private int _prefaceLeft = isClient ? Preface.Length : 0;
    private int _headLength;
    private int _missing;
    private int _skip;
    private FrameHeader _header;
    private bool _isInPayload;

    /// <summary>Whether the octets are not HTTP/2; further octets are then ignored.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>The other end acknowledged, or rather this end now works with, a table of another size.</summary>
    public void SetTableSize(uint size) => _decoder = _decoder?.WithMaxTableSize((int)Math.Min(size, int.MaxValue));

    /// <summary>Takes octets; every frame that is complete goes to <paramref name="onFrame"/>.</summary>
    public void Read(ReadOnlySpan<byte> octets, Action<TracedFrame> onFrame)
    {
        while (!octets.IsEmpty && !IsForeign)
        {
            var taken = _prefaceLeft > 0 ? TakePreface(octets)
                : _skip > 0 ? Skip(octets)
                : _isInPayload ? TakePayload(octets)
                : TakeHead(octets);
            octets = octets[taken..];
            if (_isInPayload && _missing == 0)
                Finish(onFrame);
        }
    }

    private int TakePreface(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(_prefaceLeft, octets.Length);
        IsForeign = !octets[..taken].SequenceEqual(Preface.AsSpan(Preface.Length - _prefaceLeft, taken));
        _prefaceLeft -= taken;
        return taken;
    }

    private int Skip(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(_skip, octets.Length);
        _skip -= taken;
        return taken;
    }

    private int TakeHead(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(_head.Length - _headLength, octets.Length);
        octets[..taken].CopyTo(_head.AsSpan(_headLength));
        _headLength += taken;
        if (_headLength < _head.Length)
            return taken;
        _header = FrameHeader.Parse(_head);
        (_headLength, _isInPayload) = (0, true);
        var isPlainData = _header.Type == FrameType.Data && !_header.Has(FrameFlags.Padded);
        (_missing, _skip) = isPlainData || _header.Length > MaxKept ? (0, _header.Length) : (_header.Length, 0);
        return taken;
    }

    private int TakePayload(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(_missing, octets.Length);
        _payload.Write(octets[..taken]);
        _missing -= taken;
        return taken;
    }

    private void Finish(Action<TracedFrame> onFrame)
    {
        var payload = Octets.Copy(_payload.WrittenSpan);
        _payload.ResetWrittenCount();
        _isInPayload = false;
        onFrame(new TracedFrame(_header, payload, _header.CarriesFieldBlock ? DecodeFields(payload) : null));
    }

    private HeaderField[]? DecodeFields(Octets payload)
    {
        if (Fragment(payload) is not { } fragment)
            return null;
        _block.Write(fragment.Span);
        if (!_header.Has(FrameFlags.EndHeaders))
            return null;
        var block = Octets.Copy(_block.WrittenSpan);
        _block.ResetWrittenCount();
        if (_decoder is null)
            return null;
        if (HpackDecoder.TryDecode(_decoder, block, out var decoded, out _))
        {
            _decoder = decoded.State;
            return decoded.Fields.ToArray();
        }
        // After a block that cannot be decoded nothing that follows can be either (RFC 9113 §4.3).
        _decoder = null;
        return null;
    }

    private Octets? Fragment(Octets payload) =>
        Frames.TryParsePayload(_header, payload, new FrameLimits(FrameHeader.MaxLength, int.MaxValue), out var frame, out _)
            ? frame switch
            {
                Frame.Headers headers => headers.Payload.Fragment,
                Frame.PushPromise promise => promise.Payload.Fragment,
                Frame.Continuation continuation => continuation.Payload.Fragment,
                _ => default(Octets?),
            }
            : default(Octets?);
}
