using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Frames;

public sealed class FrameRoundTripTests
{
    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 1000)]
    public void Parsing_gives_back_the_frame_that_was_serialised(Frame frame, AnyOctets rest)
    {
        var octets = Pure.Frames.Serialize(frame);
        var read = Expect.Complete(new Octets((byte[])[.. octets.Span, .. rest]));
        Assert.Equal(frame, read.Frame);
        Assert.Equal(new Octets(rest), read.Rest);
    }

    /// <summary>What PADDED and PRIORITY say follows the payload, also when that is exchanged.</summary>
    [Fact]
    public void A_frame_with_another_payload_is_the_frame_that_was_made_with_it()
    {
        Octets octets = Octets.FromHex("0102"), padding = Octets.FromHex("0000");
        DataPayload data = new(octets), paddedData = new(octets, padding);
        Assert.Equal(new Frame.Data(new(1), FrameFlags.EndStream, paddedData), new Frame.Data(new(1), FrameFlags.EndStream, data) with { Payload = paddedData });
        Assert.Equal(new Frame.Data(new(1), FrameFlags.EndStream, data), new Frame.Data(new(1), FrameFlags.EndStream, paddedData) with { Payload = data });
        HeadersPayload headers = new(octets), full = new(octets, new PriorityPayload(false, new(3), 7), padding);
        Assert.Equal(FrameFlags.EndHeaders, (new Frame.Headers(new(1), FrameFlags.EndHeaders, full) with { Payload = headers }).Flags);
        Assert.Equal(
            FrameFlags.EndHeaders | FrameFlags.Padded | FrameFlags.Priority,
            (new Frame.Headers(new(1), FrameFlags.EndHeaders, headers) with { Payload = full }).Flags);
        PushPromisePayload promise = new(new(2), octets), paddedPromise = new(new(2), octets, padding);
        Assert.Equal(FrameFlags.Padded, (new Frame.PushPromise(new(1), FrameFlags.None, promise) with { Payload = paddedPromise }).Flags);
        Assert.Equal(FrameFlags.None, (new Frame.PushPromise(new(1), FrameFlags.None, paddedPromise) with { Payload = promise }).Flags);
    }

    /// <summary>A counterexample is cut down by way of legal frames only, each shorter than the one before.</summary>
    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 300)]
    public void What_a_frame_is_cut_down_to_is_a_shorter_legal_frame_of_its_type(Frame frame)
    {
        foreach (var simpler in FrameGenerators.AnyFrame().Shrinker(frame))
        {
            var octets = Pure.Frames.Serialize(simpler);
            Assert.Equal(simpler, Expect.Complete(octets).Frame);
            Assert.Equal(frame.Type, simpler.Type);
            Assert.True(octets.Length < Pure.Frames.Serialize(frame).Length);
        }
    }

    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 300)]
    public void Serialising_gives_back_the_octets_that_were_parsed(Frame frame)
    {
        var octets = Pure.Frames.Serialize(frame);
        Assert.Equal(octets, Pure.Frames.Serialize(Expect.Complete(octets).Frame));
    }

    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 200)]
    public void Every_beginning_of_a_frame_is_incomplete_and_says_how_much_is_missing(Frame frame)
    {
        var octets = Pure.Frames.Serialize(frame);
        for (var length = 0; length < octets.Length; length++)
        {
            var missing = Expect.Incomplete(octets.Slice(0, length)).Missing;
            Assert.Equal((length < FrameHeader.Size ? FrameHeader.Size : octets.Length) - length, missing);
        }
    }

    [Property(MaxTest = 2000)]
    public void Any_octets_parse_or_fault_and_never_throw(AnyOctets octets, byte type, byte flags, byte stream)
    {
        // random lengths would be too large nearly always, so the header fits the octets and only the rest is random
        var header = new FrameHeader(octets.Length, (FrameType)(type % 20), (FrameFlags)flags, new StreamId((uint)stream % 3));
        var input = new byte[FrameHeader.Size + octets.Length];
        header.Write(input);
        octets.Array.CopyTo(input, FrameHeader.Size);
        Pure.Frames.Parse(new Octets(input), FrameLimits.Default).Match(
            Right: read =>
            {
                var back = Pure.Frames.Serialize(Assert.IsType<FrameRead.Complete>(read).Frame);
                Assert.Equal(input.Length, back.Length);
                if (!HasReservedBits(header))
                    Assert.Equal(new Octets(input), back);
            },
            Left: fault => Assert.NotNull(fault.Rule));
        TriesLikeParse(new Octets(input));
        TriesLikeParse(new Octets(octets));
    }

    private static void TriesLikeParse(Octets octets)
    {
        var parsed = Pure.Frames.Parse(octets, FrameLimits.Default);
        Assert.Equal(parsed.IsRight, Pure.Frames.TryParse(octets, FrameLimits.Default, out var read, out var fault));
        Assert.Equal(parsed.Match<(FrameRead?, Fault?)>(Right: right => (right, null), Left: left => (null, left)), (read, fault));
        if (read is not FrameRead.Complete)
            return;
        var header = FrameHeader.Parse(octets.Span);
        var payload = octets.Slice(FrameHeader.Size, header.Length);
        Assert.True(Pure.Frames.TryParsePayload(header, payload, FrameLimits.Default, out var frame, out var none));
        Assert.Null(none);
        Assert.Equal(frame, Pure.Frames.ParsePayload(header, payload, FrameLimits.Default));
    }

    // the reserved bits in front of 31-bit fields are not kept
    private static bool HasReservedBits(FrameHeader header) => header.Type is
        FrameType.GoAway or FrameType.WindowUpdate or FrameType.PushPromise or FrameType.PriorityUpdate;

    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 300)]
    public void The_reserved_bit_of_the_stream_identifier_is_ignored(Frame frame)
    {
        var octets = Pure.Frames.Serialize(frame).Span.ToArray();
        octets[5] |= 0x80;
        Assert.Equal(frame, Expect.Complete(new Octets(octets)).Frame);
    }

    [Fact]
    public void The_reserved_bits_of_payload_fields_are_ignored()
    {
        Assert.Equal(
            new Frame.WindowUpdate(new(1), 0, new WindowUpdatePayload(5)), Expect.Complete("000004080000000001 80000005").Frame);
        Assert.Equal(
            new Frame.GoAway(0, new GoAwayPayload(new(3), ErrorCode.NoError)),
            Expect.Complete("000008070000000000 8000000300000000").Frame);
        Assert.Equal(
            new Frame.PushPromise(new(1), 0, new PushPromisePayload(new(2), default)),
            Expect.Complete("000004050000000001 80000002").Frame);
        Assert.Equal(
            new Frame.PriorityUpdate(0, new PriorityUpdatePayload(new(7), "u=1")),
            Expect.Complete("000007100000000000 80000007753d31").Frame);
    }

    [Fact]
    public void Padding_of_no_octets_differs_from_no_padding()
    {
        var padded = new Frame.Data(new(1), 0, new DataPayload("x", Octets.Empty));
        Assert.Equal("0000020008000000010078", Pure.Frames.Serialize(padded).ToHex());
        Assert.NotEqual(padded, new Frame.Data(new(1), 0, new DataPayload("x")));
        Assert.Equal(padded, Expect.Complete("000002000800000001 0078").Frame);
    }

    [Fact]
    public void A_copy_with_another_payload_is_written_with_the_flags_of_that_payload()
    {
        var priority = new PriorityPayload(false, new(3), 16);
        var padded = new Frame.Headers(new(1), FrameFlags.EndHeaders, new HeadersPayload("x", priority, "pp"));
        var plain = padded with { Payload = new HeadersPayload("x") };
        Assert.Equal("00000101040000000178", Pure.Frames.Serialize(plain).ToHex());
    }

    [Fact]
    public void Padding_longer_than_its_length_octet_can_say_is_refused()
    {
        var frame = new Frame.Data(new(1), 0, new DataPayload(default, new Octets(new byte[256])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pure.Frames.Serialize(frame));
    }

    [Fact]
    public void A_payload_longer_than_the_header_can_say_is_refused()
    {
        var body = new Octets(new byte[FrameHeader.MaxLength + 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Pure.Frames.Serialize(new Frame.Unknown((FrameType)0xee, new(1), 0, new UnknownPayload(body))));
    }
}
