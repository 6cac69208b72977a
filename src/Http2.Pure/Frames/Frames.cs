using System.Diagnostics.CodeAnalysis;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// Frames from octets and back (RFC 9113 §4): the documented face over <see cref="FrameParser"/> and <see cref="FrameWriter"/>. Pure.
/// </summary>
public static class Frames
{
    /// <summary>Reads the first frame of <paramref name="octets"/>.</summary>
    /// <param name="octets">What came from the peer; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes.</param>
    /// <returns>
    /// The rule that the frame breaks, or the frame with the octets behind it, or how many octets are missing. A frame that is too large is
    /// a fault as soon as its header is there.
    /// </returns>
    public static Either<Fault, FrameRead> Parse(Octets octets, FrameLimits limits) =>
        TryParse(octets, limits, out var read, out var fault) ? read : fault;

    /// <summary>Reads the first frame of <paramref name="octets"/>: <see cref="Parse"/> with out parameters.</summary>
    /// <param name="octets">What came from the peer; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes.</param>
    /// <param name="read">The frame with the octets behind it, or how many octets are missing; null when the frame breaks a rule.</param>
    /// <param name="fault">The rule that the frame breaks, or null.</param>
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
        fault = FrameParser.CheckLength(header, limits.MaxFrameSize);
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
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length is taken as judged.</param>
    /// <returns>The rule that the frame breaks, or the frame.</returns>
    public static Either<Fault, Frame> ParsePayload(FrameHeader header, Octets payload, FrameLimits limits) =>
        TryParsePayload(header, payload, limits, out var frame, out var fault) ? frame : fault;

    /// <summary>Reads the payload that belongs to <paramref name="header"/>: <see cref="ParsePayload"/> with out parameters.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length is taken as judged.</param>
    /// <param name="frame">The frame; null when it breaks a rule.</param>
    /// <param name="fault">The rule that the frame breaks, or null.</param>
    /// <returns>Whether the frame breaks no rule.</returns>
    public static bool TryParsePayload(
        FrameHeader header, Octets payload, FrameLimits limits, [NotNullWhen(true)] out Frame? frame, [NotNullWhen(false)] out Fault? fault)
    {
        var (id, flags, octets) = (header.StreamId, header.Flags, payload.Memory);
        frame = null;
        fault = header.Type switch
        {
            FrameType.Data => FrameParser.ParseData(header, octets, out var data) ?? Read(new Frame.Data(id, flags, data), out frame),
            FrameType.Headers =>
                FrameParser.ParseHeaders(header, octets, out var head) ?? Read(new Frame.Headers(id, flags, head), out frame),
            FrameType.Priority =>
                FrameParser.ParsePriority(header, octets, out var order) ?? Read(new Frame.Priority(id, flags, order), out frame),
            FrameType.RstStream =>
                FrameParser.ParseRstStream(header, octets, out var reset) ?? Read(new Frame.RstStream(id, flags, reset), out frame),
            FrameType.Settings =>
                FrameParser.ParseSettings(header, octets, limits.MaxSettingsEntries, out var set) ?? Read(new Frame.Settings(flags, set), out frame),
            FrameType.PushPromise =>
                FrameParser.ParsePushPromise(header, octets, out var push) ?? Read(new Frame.PushPromise(id, flags, push), out frame),
            FrameType.Ping => FrameParser.ParsePing(header, octets, out var ping) ?? Read(new Frame.Ping(flags, ping), out frame),
            FrameType.GoAway => FrameParser.ParseGoAway(header, octets, out var away) ?? Read(new Frame.GoAway(flags, away), out frame),
            FrameType.WindowUpdate =>
                FrameParser.ParseWindowUpdate(header, octets, out var update) ?? Read(new Frame.WindowUpdate(id, flags, update), out frame),
            FrameType.Continuation =>
                FrameParser.ParseContinuation(header, octets, out var more) ?? Read(new Frame.Continuation(id, flags, more), out frame),
            FrameType.AltSvc =>
                FrameParser.ParseAltSvc(header, octets, out var service) ?? Read(new Frame.AltSvc(id, flags, service), out frame),
            FrameType.Origin =>
                FrameParser.ParseOrigin(header, octets, out var origin) ?? Read(new Frame.Origin(id, flags, origin), out frame),
            FrameType.PriorityUpdate =>
                FrameParser.ParsePriorityUpdate(header, octets, out var urgency) ?? Read(new Frame.PriorityUpdate(flags, urgency), out frame),
            _ => Read(new Frame.Unknown(header.Type, id, flags, new UnknownPayload(payload)), out frame),
        };
        return frame is not null;
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

    private static Fault? Read(Frame frame, out Frame? read)
    {
        read = frame;
        return null;
    }
}
