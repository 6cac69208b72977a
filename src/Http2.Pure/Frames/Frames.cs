using System.Diagnostics.CodeAnalysis;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// Frames from octets and back (RFC 9113 §4). Pure, thread-safe. Code that must not allocate uses the classes of the single types instead,
/// for example <see cref="PingFrame"/>.
/// </summary>
public static class Frames
{
    /// <summary>Reads the first frame of <paramref name="octets"/>.</summary>
    /// <param name="octets">What came from the peer; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes.</param>
    /// <returns>
    /// The fault of a frame that breaks a rule, or the frame with the octets behind it, or how many octets are missing. A frame that is too
    /// large is a fault as soon as its header is there.
    /// </returns>
    public static Either<Fault, FrameRead> Parse(Octets octets, FrameLimits limits) =>
        TryParse(octets, limits, out var read, out var fault) ? read : fault;

    /// <summary>Reads the first frame of <paramref name="octets"/>: <see cref="Parse"/> with out parameters.</summary>
    /// <param name="octets">What came from the peer; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes.</param>
    /// <param name="read">The frame with the octets behind it, or how many octets are missing; null when the frame breaks a rule.</param>
    /// <param name="fault">The fault of a frame that breaks a rule, or null.</param>
    /// <returns>Whether the octets break no rule.</returns>
    public static bool TryParse(
        Octets octets, FrameLimits limits, [NotNullWhen(true)] out FrameRead? read, [NotNullWhen(false)] out Fault? fault)
    {
        (read, fault) = (null, null);
        if (octets.Length < FrameHeader.Size)
        {
            read = new FrameRead.Incomplete(FrameHeader.Size - octets.Length);
            return true;
        }
        var header = FrameHeader.Parse(octets.Span);
        fault = header.CheckLength(limits.MaxFrameSize);
        if (fault is not null)
            return false;
        var end = FrameHeader.Size + header.Length;
        if (octets.Length < end)
            read = new FrameRead.Incomplete(end - octets.Length);
        else if (TryParsePayload(header, octets.Slice(FrameHeader.Size, header.Length), limits, out var frame, out fault))
            read = new FrameRead.Complete(frame, octets.Slice(end, octets.Length - end));
        return fault is null;
    }

    /// <summary>Reads the payload that belongs to <paramref name="header"/>.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length counts as judged.</param>
    /// <returns>The fault of a frame that breaks a rule, or the frame.</returns>
    public static Either<Fault, Frame> ParsePayload(FrameHeader header, Octets payload, FrameLimits limits) =>
        TryParsePayload(header, payload, limits, out var frame, out var fault) ? frame : fault;

    /// <summary>Reads the payload that belongs to <paramref name="header"/>: <see cref="ParsePayload"/> with out parameters.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length counts as judged.</param>
    /// <param name="frame">The frame; null when it breaks a rule.</param>
    /// <param name="fault">The fault of a frame that breaks a rule, or null.</param>
    /// <returns>Whether the frame breaks no rule.</returns>
    public static bool TryParsePayload(
        FrameHeader header, Octets payload, FrameLimits limits, [NotNullWhen(true)] out Frame? frame, [NotNullWhen(false)] out Fault? fault)
    {
        fault = Frame.Parse(header, payload, limits, out var read);
        if (fault is not null)
        {
            frame = null;
            return false;
        }
        frame = read;
        return true;
    }

    /// <summary>The octets of a frame; <see cref="Parse"/> gives the frame back.</summary>
    /// <param name="frame">The frame; nothing about it is judged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is longer than 2^24-1 octets, or its padding than 255.</exception>
    public static Octets Serialize(Frame frame)
    {
        var output = new OutputBuffer(64);
        FrameWriter.WriteFrame(output, frame);
        return new Octets(output.WrittenMemory);
    }
}
