using FsCheck.Xunit;
using Http2.Pure;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What is counted of the frames that come.</summary>
public sealed class WireCounterTests
{
    private static readonly byte[] Frames =
    [
        .. Frame(FrameType.Settings, 0), .. Frame(FrameType.Headers, 20), .. Frame(FrameType.Continuation, 5), .. Frame(FrameType.Data, 300),
        .. Frame(FrameType.PushPromise, 7), .. Frame(FrameType.Ping, 8), .. Frame(FrameType.Headers, 0),
    ];

    [Property]
    public void Frames_that_are_cut_anywhere_count_the_same(byte[] cuts)
    {
        var counter = new WireCounter();
        var rest = Frames.AsSpan();
        foreach (var cut in cuts)
        {
            var length = Math.Min(cut, rest.Length);
            counter.Take(rest[..length], counts: true);
            rest = rest[length..];
        }
        counter.Take(rest, counts: true);
        Assert.Equal((Frames.Length, 32), (counter.Octets, counter.BlockOctets));
    }

    [Fact]
    public void Before_it_is_measured_frames_are_followed_and_not_counted()
    {
        var counter = new WireCounter();
        counter.Take(Frames.AsSpan(0, 40), counts: false);
        counter.Take(Frames.AsSpan(40), counts: true);
        Assert.Equal((Frames.Length - 40, 12), (counter.Octets, counter.BlockOctets));
    }

    private static byte[] Frame(FrameType type, int length)
    {
        var frame = new byte[FrameHeader.Size + length];
        new FrameHeader(length, type, default, new StreamId(1)).Write(frame);
        return frame;
    }
}
