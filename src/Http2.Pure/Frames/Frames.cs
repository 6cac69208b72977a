using System.Diagnostics;
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
    /// a
    /// fault as soon as its header is there.
    /// </returns>
    public static Either<Fault, FrameRead> Parse(Octets octets, FrameLimits limits)
    {
        if (octets.Length < FrameHeader.Size)
            return new FrameRead.Incomplete(FrameHeader.Size - octets.Length);
        var header = FrameHeader.Parse(octets.Span);
        if (FrameParser.CheckLength(header, limits.MaxFrameSize) is { } tooLarge)
            return tooLarge;
        var end = FrameHeader.Size + header.Length;
        if (octets.Length < end)
            return new FrameRead.Incomplete(end - octets.Length);
        return ParsePayload(header, octets.Slice(FrameHeader.Size, header.Length), limits)
            .Map<FrameRead>(frame => new FrameRead.Complete(frame, octets.Slice(end, octets.Length - end)));
    }

    /// <summary>Reads the payload that belongs to <paramref name="header"/>.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">All of its payload; the frame keeps slices of it.</param>
    /// <param name="limits">What this end takes; the length is taken as judged.</param>
    /// <returns>The rule that the frame breaks, or the frame.</returns>
    public static Either<Fault, Frame> ParsePayload(FrameHeader header, Octets payload, FrameLimits limits)
    {
        var (id, flags, octets) = (header.StreamId, header.Flags, payload.Memory);
        return header.Type switch
        {
            FrameType.Data => FrameParser.ParseData(header, octets, out var data) ?? Right(new Frame.Data(id, flags, data)),
            FrameType.Headers => FrameParser.ParseHeaders(header, octets, out var head) ?? Right(new Frame.Headers(id, flags, head)),
            FrameType.Priority => FrameParser.ParsePriority(header, octets, out var order) ?? Right(new Frame.Priority(id, flags, order)),
            FrameType.RstStream =>
                FrameParser.ParseRstStream(header, octets, out var reset) ?? Right(new Frame.RstStream(id, flags, reset)),
            FrameType.Settings =>
                FrameParser.ParseSettings(header, octets, limits.MaxSettingsEntries, out var set) ?? Right(new Frame.Settings(flags, set)),
            FrameType.PushPromise =>
                FrameParser.ParsePushPromise(header, octets, out var push) ?? Right(new Frame.PushPromise(id, flags, push)),
            FrameType.Ping => FrameParser.ParsePing(header, octets, out var ping) ?? Right(new Frame.Ping(flags, ping)),
            FrameType.GoAway => FrameParser.ParseGoAway(header, octets, out var away) ?? Right(new Frame.GoAway(flags, away)),
            FrameType.WindowUpdate =>
                FrameParser.ParseWindowUpdate(header, octets, out var update) ?? Right(new Frame.WindowUpdate(id, flags, update)),
            FrameType.Continuation =>
                FrameParser.ParseContinuation(header, octets, out var more) ?? Right(new Frame.Continuation(id, flags, more)),
            FrameType.AltSvc => FrameParser.ParseAltSvc(header, octets, out var service) ?? Right(new Frame.AltSvc(id, flags, service)),
            FrameType.Origin => FrameParser.ParseOrigin(header, octets, out var origin) ?? Right(new Frame.Origin(id, flags, origin)),
            FrameType.PriorityUpdate =>
                FrameParser.ParsePriorityUpdate(header, octets, out var urgency) ?? Right(new Frame.PriorityUpdate(flags, urgency)),
            _ => Right(new Frame.Unknown(header.Type, id, flags, new UnknownPayload(payload))),
        };
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

    private static Either<Fault, Frame> Right(Frame frame) => frame;
}
