using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class HeaderBlockTests
{
    private static readonly BlockLimits Ample = new(1 << 20, int.MaxValue, int.MaxValue);
    private static readonly BlockLimits Default = BlockLimits.Of(ConnectionOptions.Default);

    private static FrameHeader Header(int length, FrameType type = FrameType.Continuation, uint stream = 1, FrameFlags flags = 0) =>
        new(length, type, flags, new StreamId(stream));

    private static HeaderBlock Begin(Octets fragment, FrameFlags flags = 0)
    {
        Assert.Null(HeaderBlock.OfHeaders(Header(fragment.Length, FrameType.Headers, 1, flags), fragment, Ample, out var block));
        return block!;
    }

    private static HeaderBlock Append(HeaderBlock block, ReadOnlyMemory<byte> fragment)
    {
        Assert.Null(block.Append(fragment, Ample, out var next));
        return next;
    }

    [Property]
    public void A_block_is_the_join_of_its_fragments(byte[] first, byte[][] more)
    {
        var block = Begin(new Octets(first));
        foreach (var fragment in more)
            block = Append(block, fragment ?? []);
        Assert.Equal([.. first, .. more.SelectMany(fragment => fragment ?? [])], block.Join().Span.ToArray());
        Assert.Equal(block.Length, block.Join().Length);
        Assert.Equal(more.Length, block.Continuations);
        Assert.Equal(more.Count(fragment => fragment is null or []), block.EmptyContinuations);
    }

    [Property]
    public void A_block_keeps_its_octets_when_the_input_is_overwritten(byte[] first, byte[] second)
    {
        var input = first.Concat(second).ToArray();
        var block = Append(Begin(new Octets(input.AsMemory(0, first.Length))), input.AsMemory(first.Length));
        var expected = input.ToArray();
        input.AsSpan().Fill(0xff);
        Assert.Equal(expected, block.Join().Span.ToArray());
    }

    [Property]
    public void A_block_can_be_continued_in_two_ways(byte[] first, byte[] left, byte[] right)
    {
        var block = Begin(new Octets(first));
        var (a, b) = (Append(block, left), Append(block, right));
        Assert.Equal([.. first, .. left], a.Join().Span.ToArray());
        Assert.Equal([.. first, .. right], b.Join().Span.ToArray());
        Assert.Equal(first, block.Join().Span.ToArray());
        Assert.Equal(left.SequenceEqual(right), a.Equals(b));
        Assert.Equal(a, Append(Begin(new Octets(first)), left));
        Assert.Equal(a.GetHashCode(), Append(Begin(new Octets(first)), left).GetHashCode());
    }

    [Fact]
    public void Fragments_of_one_octet_cost_no_more_than_a_little_each()
    {
        const int count = 50_000;
        var octet = new byte[] { 7 };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = Begin(default);
        for (var i = 0; i < count; i++)
            block = Append(block, octet);
        var joined = block.Join();
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(count, joined.Length);
        Assert.True(cost < count * 200L, $"{cost / count} octets for each fragment");
    }

    [Fact]
    public void Only_a_continuation_of_the_same_stream_may_follow()
    {
        var block = Begin("x");
        foreach (var type in Enumerable.Range(0, 256).Select(i => (FrameType)i).Where(type => type != FrameType.Continuation))
        {
            var fault = Assert.IsType<Fault.OfConnection>(block.CheckNext(Header(0, type)));
            Assert.Equal((ErrorCode.ProtocolError, "6.10"), (fault.Code, fault.Rule.Section));
        }
        Assert.IsType<Fault.OfConnection>(block.CheckNext(Header(0, stream: 3)));
        Assert.Null(block.CheckNext(Header(0)));
    }

    [Fact]
    public void The_ninth_continuation_is_too_much()
    {
        var block = Begin("x");
        for (var i = 0; i < 8; i++)
            Assert.Null(block.Append("y"u8.ToArray(), Default, out block));
        AssertCalm(block.Append("y"u8.ToArray(), Default, out _));
    }

    [Fact]
    public void The_second_empty_continuation_is_too_much()
    {
        Assert.Null(Begin("x").Append(default, Default, out var block));
        AssertCalm(block.Append(default, Default, out _));
    }

    [Fact]
    public void The_octets_are_bounded_in_the_first_frame_and_in_all()
    {
        var limits = new BlockLimits(10, 100, 100);
        AssertCalm(HeaderBlock.OfHeaders(Header(11, FrameType.Headers), new Octets(new byte[11]), limits, out var none));
        Assert.Null(none);
        AssertCalm(HeaderBlock.OfPushPromise(Header(11, FrameType.PushPromise), new(2), new Octets(new byte[11]), limits, out _));
        Assert.Null(HeaderBlock.OfHeaders(Header(10, FrameType.Headers), new Octets(new byte[10]), limits, out var block));
        AssertCalm(block!.Append(new byte[1], limits, out _));
    }

    [Fact]
    public void A_block_remembers_what_its_first_frame_said()
    {
        Assert.True(Begin("x", FrameFlags.EndStream).EndStream);
        Assert.False(Append(Begin("x"), "y"u8.ToArray()).EndStream);
        HeaderBlock.OfPushPromise(Header(1, FrameType.PushPromise), new(4), "x", Ample, out var promise);
        Assert.Equal(new StreamId(4), Append(promise!, "y"u8.ToArray()).Promised);
        Assert.Equal(new StreamId(1), promise!.StreamId);
        // a promise ends no stream
        Assert.False(promise.EndStream);
    }

    private static void AssertCalm(Fault? fault) =>
        Assert.Equal(ErrorCode.EnhanceYourCalm, Assert.IsType<Fault.OfConnection>(fault).Code);
}
