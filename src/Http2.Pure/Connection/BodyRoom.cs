using System.Runtime.InteropServices;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Where the body of <see cref="Connection.ReserveResponse"/> goes: one part for each DATA frame, in order. It is filled before anything
/// else is done with the buffer that it lies in, whose octets are undefined until then. Not thread-safe.
/// </summary>
public readonly struct BodyRoom
{
    private readonly OutputBuffer? _output;
    private readonly int _start;
    private readonly int _frameSize;

    internal BodyRoom(OutputBuffer output, int start, int length, int frameSize) =>
        (_output, _start, Length, _frameSize) = (output, start, length, frameSize);

    /// <summary>The length of the body in octets, all parts together.</summary>
    public int Length { get; }

    /// <summary>How many parts there are.</summary>
    public int Count => Length == 0 ? 0 : (Length - 1) / _frameSize + 1;

    /// <summary>A part of the body; all but the last are equally long.</summary>
    /// <param name="part">0 to <see cref="Count"/> - 1.</param>
    public Memory<byte> this[int part]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)part, (uint)Count, nameof(part));
            var length = Math.Min(_frameSize, Length - part * _frameSize);
            var octets = _output!.WrittenMemory.Slice(_start + part * (FrameHeader.Size + _frameSize) + FrameHeader.Size, length);
            return MemoryMarshal.AsMemory(octets);
        }
    }
}
