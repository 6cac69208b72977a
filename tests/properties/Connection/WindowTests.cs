using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Windows that shrink under way.</summary>
public sealed class WindowTests
{
    private static readonly HeaderField[] Post =
        [new(":method", "POST"), new(":scheme", "https"), new(":authority", "a"), new(":path", "/")];

    private readonly End _server = new(Role.Server, new ConnectionOptions { InitialStreamWindow = 100_000 });

    public WindowTests()
    {
        _server.Receive(WireConstants.Preface, 0);
        Receive(new Frame.Settings(0, default));
        Receive(new Frame.Settings(FrameFlags.Ack, default));
        var block = HpackEncoder.Encode(EncoderState.Create(), Post).Block;
        Receive(new Frame.Headers(new(1), FrameFlags.EndHeaders, new HeadersPayload(block)));
    }

    [Fact]
    public void An_empty_frame_may_end_a_stream_whose_window_is_negative()
    {
        ReceiveData(16_000);
        Shrink(1000);
        Receive(new Frame.Data(new(1), FrameFlags.EndStream, default));
        Assert.False(_server.IsFinished, _server.Events[^1]);
        Assert.Equal(StreamState.HalfClosedRemote, Connection.StateOf(_server.State, new(1)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void A_negative_window_takes_nothing_but_empty_frames(int octets, bool padded)
    {
        ReceiveData(16_000);
        Shrink(1000);
        // the pad length counts as well
        Receive(new Frame.Data(new(1), 0, new DataPayload(new Octets(new byte[octets]), padded ? Octets.Empty : (Octets?)null)));
        Assert.True(_server.IsFinished);
        Assert.Contains("FlowControlError", _server.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_consumed_before_the_window_shrank_is_given_back()
    {
        ReceiveData(16_000);
        ReceiveData(16_000);
        _server.Do((state, effects) => Connection.Consume(state, new(1), 32_000, effects));
        _server.Take();
        Shrink(1000);
        // all is consumed, so the peer has to be able to send
        Assert.Equal(32_000, Credit());
    }

    private long Credit() => Read(_server.Take())
        .OfType<Frame.WindowUpdate>().Where(update => update.StreamId == new StreamId(1)).Sum(update => update.Payload.Increment);

    private void Shrink(uint window)
    {
        _server.Do((state, effects) =>
        {
            Setting[] settings = [new(SettingId.InitialWindowSize, window)];
            Assert.Equal(Refusal.None, Connection.SubmitSettings(state, settings, 0, effects, out var next));
            return next;
        });
        Receive(new Frame.Settings(FrameFlags.Ack, default));
    }

    private void ReceiveData(int octets) => Receive(new Frame.Data(new(1), 0, new DataPayload(new Octets(new byte[octets]))));

    private void Receive(Frame frame) => _server.Receive(Pure.Frames.Serialize(frame).Span, 0);

    private static List<Frame> Read(byte[] octets)
    {
        var frames = new List<Frame>();
        for (var left = new Octets(octets); !left.IsEmpty;)
        {
            var read = Frames.Expect.Complete(left);
            frames.Add(read.Frame);
            left = read.Rest;
        }
        return frames;
    }
}
