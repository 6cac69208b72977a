using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Frames;

public sealed class FrameWriterTests
{
    [Fact]
    public void Each_function_writes_what_its_frame_serialises_to()
    {
        Same(new Frame.Data(new(3), FrameFlags.EndStream, new DataPayload("abc")), o => DataFrame.Write(o, new(3), "abc"u8, true));
        Same(new Frame.Data(new(3), 0, new DataPayload("abc")), o => DataFrame.Write(o, new(3), "abc"u8, false));
        var priority = new PriorityPayload(true, new(5), 256);
        Same(new Frame.Priority(new(3), 0, priority), o => PriorityFrame.Write(o, new(3), priority));
        Same(
            new Frame.RstStream(new(3), 0, new RstStreamPayload(ErrorCode.Cancel)),
            o => RstStreamFrame.Write(o, new(3), ErrorCode.Cancel));
        Setting[] settings = [new(SettingId.EnablePush, 0), new(SettingId.MaxFrameSize, 16385)];
        Same(new Frame.Settings(0, SettingsPayload.Of(settings)), o => SettingsFrame.Write(o, settings));
        Same(new Frame.Settings(FrameFlags.Ack, default), SettingsFrame.WriteAck);
        Same(new Frame.Ping(0, new PingPayload(0x0102030405060708)), o => PingFrame.Write(o, 0x0102030405060708));
        Same(new Frame.Ping(FrameFlags.Ack, new PingPayload(9)), o => PingFrame.Write(o, 9, ack: true));
        Same(
            new Frame.GoAway(0, new GoAwayPayload(new(7), ErrorCode.ProtocolError, "why")),
            o => GoAwayFrame.Write(o, new(7), ErrorCode.ProtocolError, "why"u8));
        Same(new Frame.WindowUpdate(new(0), 0, new WindowUpdatePayload(10)), o => WindowUpdateFrame.Write(o, new(0), 10));
        Same(
            new Frame.Continuation(new(3), FrameFlags.EndHeaders, new ContinuationPayload("x")),
            o => ContinuationFrame.Write(o, new(3), "x"u8, true));
        Same(new Frame.Continuation(new(3), 0, new ContinuationPayload("x")), o => ContinuationFrame.Write(o, new(3), "x"u8, false));
        Same(
            new Frame.AltSvc(new(0), 0, new AltSvcPayload("https://a", "h2=\":1\"")),
            o => AltSvcFrame.Write(o, new(0), "https://a"u8, "h2=\":1\""u8));
        var origins = OriginPayload.Of("https://a", "https://b");
        Same(new Frame.Origin(new(0), 0, origins), o => OriginFrame.Write(o, origins));
        Same(
            new Frame.PriorityUpdate(0, new PriorityUpdatePayload(new(3), "u=0")),
            o => PriorityUpdateFrame.Write(o, new(3), "u=0"u8));
    }

    [Fact]
    public void The_origins_of_a_frame_are_those_it_was_made_of() =>
        Assert.Equal(
            ["https://a", "", "https://b"], OriginPayload.Of("https://a", "", "https://b").Origins.Select(origin => origin.ToString()));

    [Fact]
    public void The_last_origin_may_be_empty_and_what_breaks_off_is_as_long_as_it_is()
    {
        static IEnumerable<string> Origins(string hex) => new OriginPayload(Expect.Hex(hex)).Origins.Select(origin => origin.ToString());
        Assert.Equal(["a", ""], Origins("0001 61 0000"));
        Assert.Equal(["a", "bc"], Origins("0001 61 0005 6263"));
        Assert.Equal(["a"], Origins("0001 61 00"));
        Assert.Empty(Origins(""));
    }

    [Theory]
    [InlineData("000002 0a 00 00000001 0000", 1, "", "")]
    [InlineData("000004 0a 00 00000001 0000 6832", 1, "", "h2")]
    [InlineData("000006 0a 00 00000000 0003 612e62 63", 0, "a.b", "c")]
    [InlineData("000005 0a 00 00000000 0003 612e62", 0, "a.b", "")]
    public void ALTSVC_is_the_length_of_the_origin_then_the_origin_then_the_value(string hex, uint id, string origin, string value)
    {
        var frame = new Frame.AltSvc(new(id), 0, new AltSvcPayload(origin, value));
        Assert.Equal(frame, Expect.Complete(hex).Frame);
        Assert.Equal(Expect.Hex(hex), Pure.Frames.Serialize(frame));
    }

    [Theory]
    [InlineData("000000 0c 00 00000000")]
    [InlineData("000002 0c 00 00000000 0000", "")]
    [InlineData("000007 0c 00 00000000 0003 612e62 0000", "a.b", "")]
    [InlineData("000005 0c 00 00000000 0000 0001 61", "", "a")]
    public void ORIGIN_is_any_number_of_lengths_each_with_its_origin(string hex, params string[] origins)
    {
        var frame = Assert.IsType<Frame.Origin>(Expect.Complete(hex).Frame);
        Assert.Equal(origins, frame.Payload.Origins.Select(origin => origin.ToString()));
        var same = new Frame.Origin(new(0), 0, OriginPayload.Of([.. origins.Select(Octets.FromString)]));
        Assert.Equal(Expect.Hex(hex), Pure.Frames.Serialize(same));
    }

    [Fact]
    public void An_origin_longer_than_its_length_can_say_is_refused_and_nothing_is_written()
    {
        var origin = new Octets(new byte[ushort.MaxValue + 1]);
        Assert.Throws<OverflowException>(() => OriginPayload.Of(origin));
        var output = new OutputBuffer(1);
        Assert.Throws<OverflowException>(() => AltSvcFrame.Write(output, new(0), origin.Span, default));
        Assert.Equal(0, output.Length);
        AltSvcFrame.Write(output, new(0), origin.Span[1..], default);
        Assert.Equal(FrameHeader.Size + 2 + ushort.MaxValue, output.Length);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(20, 2)]
    [InlineData(21, 3)]
    public void A_block_as_long_as_a_frame_may_be_is_one_frame_and_an_octet_more_is_two(int length, int count)
    {
        var output = new OutputBuffer(1);
        var block = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var start = HeadersFrame.Begin(output);
        output.Write(block);
        HeadersFrame.End(output, start, new(5), false, 10);
        var frames = Read(new Octets(output.WrittenMemory));
        Assert.Equal(count, frames.Count);
        AssertBlock(frames[0], Assert.IsType<Frame.Headers>(frames[0]).Payload.Fragment, frames, block, 10, 10);
    }

    [Property(MaxTest = 300)]
    public Property A_field_block_is_cut_into_frames_that_fit_and_join_to_it(byte[] before, byte[] block, bool endStream) =>
        Prop.ForAll(Gen.Choose(1, 40).ToArbitrary(), maxFrameSize =>
        {
            var output = new OutputBuffer(1);
            output.Write(before);
            var start = HeadersFrame.Begin(output);
            output.Write(block);
            HeadersFrame.End(output, start, new(5), endStream, maxFrameSize);
            Assert.Equal(before.Length, start);
            Assert.Equal(before, output.WrittenMemory[..start].ToArray());
            var frames = Read(new Octets(output.WrittenMemory[start..]));
            var first = Assert.IsType<Frame.Headers>(frames[0]);
            Assert.Equal(endStream, (first.Flags & FrameFlags.EndStream) != 0);
            AssertBlock(first, first.Payload.Fragment, frames, block, maxFrameSize, maxFrameSize);
        });

    [Property(MaxTest = 300)]
    public Property A_promised_block_is_cut_the_same_way(byte[] block) =>
        Prop.ForAll(Gen.Choose(4, 40).ToArbitrary(), maxFrameSize =>
        {
            var output = new OutputBuffer(1);
            var start = PushPromiseFrame.Begin(output, new(8));
            output.Write(block);
            PushPromiseFrame.End(output, start, new(5), maxFrameSize);
            var frames = Read(new Octets(output.WrittenMemory));
            var first = Assert.IsType<Frame.PushPromise>(frames[0]);
            Assert.Equal(new StreamId(8), first.Payload.Promised);
            AssertBlock(first, first.Payload.Fragment, frames, block, maxFrameSize - 4, maxFrameSize);
        });

    [Fact]
    public void Parsing_and_writing_allocate_nothing()
    {
        var output = new OutputBuffer(1 << 16);
        Setting[] settings = [new(SettingId.EnablePush, 0)];
        long Cost()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                output.Truncate(0);
                WriteAll(output, settings);
                ParseAll(output.WrittenMemory);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Cost();
        Assert.Equal(0, Cost());
    }

    private static void WriteAll(OutputBuffer output, Setting[] settings)
    {
        DataFrame.Write(output, new(1), "body"u8, true);
        var start = HeadersFrame.Begin(output);
        output.Write("block"u8);
        HeadersFrame.End(output, start, new(1), false, 16384);
        PriorityFrame.Write(output, new(1), new PriorityPayload(false, new(3), 1));
        RstStreamFrame.Write(output, new(1), ErrorCode.Cancel);
        SettingsFrame.Write(output, settings);
        PingFrame.Write(output, 1);
        GoAwayFrame.Write(output, new(1), ErrorCode.NoError);
        WindowUpdateFrame.Write(output, new(1), 1);
    }

    private static void ParseAll(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var header = FrameHeader.Parse(octets.Span);
            var payload = octets.Slice(FrameHeader.Size, header.Length);
            var fault = header.Type switch
            {
                FrameType.Data => DataFrame.Parse(header, payload, out _),
                FrameType.Headers => HeadersFrame.Parse(header, payload, out _),
                FrameType.Priority => PriorityFrame.Parse(header, payload, out _),
                FrameType.RstStream => RstStreamFrame.Parse(header, payload, out _),
                FrameType.Settings => SettingsFrame.Parse(header, payload, 32, out _),
                FrameType.Ping => PingFrame.Parse(header, payload, out _),
                FrameType.GoAway => GoAwayFrame.Parse(header, payload, out _),
                _ => WindowUpdateFrame.Parse(header, payload, out _),
            };
            if (fault is not null)
                Assert.Fail(fault.ToString());
            octets = octets[(FrameHeader.Size + header.Length)..];
        }
    }

    private static void AssertBlock(Frame first, Octets fragment, List<Frame> frames, byte[] block, int firstSize, int maxFrameSize)
    {
        var fragments = new List<Octets> { fragment };
        fragments.AddRange(frames.Skip(1).Select(frame => Assert.IsType<Frame.Continuation>(frame).Payload.Fragment));
        Assert.Equal(block, fragments.SelectMany(octets => octets.Span.ToArray()));
        Assert.True(fragments[0].Length <= firstSize);
        Assert.All(fragments.Skip(1), octets => Assert.InRange(octets.Length, 1, maxFrameSize));
        Assert.All(frames, frame => Assert.Equal(first.StreamId, frame.StreamId));
        Assert.All(frames.SkipLast(1), frame => Assert.Equal((FrameFlags)0, frame.Flags & FrameFlags.EndHeaders));
        Assert.Equal(FrameFlags.EndHeaders, frames[^1].Flags & FrameFlags.EndHeaders);
    }

    private static List<Frame> Read(Octets octets)
    {
        var frames = new List<Frame>();
        while (!octets.IsEmpty)
        {
            var read = Expect.Complete(octets);
            frames.Add(read.Frame);
            octets = read.Rest;
        }
        return frames;
    }

    private static void Same(Frame frame, Action<OutputBuffer> write)
    {
        var output = new OutputBuffer(1);
        write(output);
        Assert.Equal(Pure.Frames.Serialize(frame), new Octets(output.WrittenMemory));
    }
}
