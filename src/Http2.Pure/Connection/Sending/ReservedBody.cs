using System.Runtime.InteropServices;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Where the body of a response that is reserved goes: one part for each DATA frame, in order. The caller fills it before
/// anything else is done with the buffer that it lies in; until then its octets are undefined. Not thread-safe.
/// </summary>
public readonly struct ReservedBody
{
    private readonly OutputBuffer? _output;
    private readonly int _start;
    private readonly int _frameSize;

    internal ReservedBody(OutputBuffer output, int start, int length, int frameSize) =>
        (_output, _start, Length, _frameSize) = (output, start, length, frameSize);

    /// <summary>The length of the body in octets, all parts together.</summary>
    public int Length { get; }

    /// <summary>How many parts there are.</summary>
    public int Count => Length == 0 ? 0 : (Length - 1) / _frameSize + 1;

    /// <summary>A part of the body; all parts but the last are equally long.</summary>
    /// <param name="part">0 to <see cref="Count"/> - 1.</param>
    public Memory<byte> this[int part]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)part, (uint)Count, nameof(part));
            var length = Math.Min(_frameSize, Length - part * _frameSize);
            var octets = _output!.WrittenMemory.Slice(_start + part * (FrameHeader.Size + _frameSize) + FrameHeader.Size, length);
            // The buffer hands out what was written as read-only memory. These octets were only reserved, so writing them is no change.
            return MemoryMarshal.AsMemory(octets);
        }
    }
}
