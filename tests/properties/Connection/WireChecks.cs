using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>What holds of everything an end sends.</summary>
internal static class WireChecks
{
    /// <summary>What GOAWAY says never grows (RFC 9113 §6.8).</summary>
    public static void GoAwayNeverGrows(List<Frame> frames)
    {
        var named = frames.OfType<Frame.GoAway>().Select(frame => frame.Payload.LastStreamId.Value).ToList();
        Assert.Equal(named.OrderDescending(), named);
    }

    /// <summary>All octets are frames without faults, in an order that may be.</summary>
    public static List<Frame> Frames(byte[] sent, Role role)
    {
        var left = new Octets(sent);
        if (role == Role.Client)
        {
            Assert.Equal(WireConstants.Preface, left.Span[..WireConstants.Preface.Length]);
            left = left.Slice(WireConstants.Preface.Length, left.Length - WireConstants.Preface.Length);
        }
        var frames = new List<Frame>();
        while (!left.IsEmpty)
        {
            var read = Pure.Frames.Parse(left, new FrameLimits(FrameHeader.MaxLength, 100)).Match(
                Right: Assert.IsType<FrameRead.Complete>,
                Left: fault => throw new Xunit.Sdk.XunitException($"frame {frames.Count} is a fault: {fault}"));
            var open = frames.Count > 0 && frames[^1].Type is FrameType.Headers or FrameType.PushPromise or FrameType.Continuation &&
                (frames[^1].Flags & FrameFlags.EndHeaders) == 0;
            Assert.Equal(open, read.Frame.Type == FrameType.Continuation);
            frames.Add(read.Frame);
            left = read.Rest;
        }
        Assert.IsType<Frame.Settings>(frames[0]);
        return frames;
    }
}
