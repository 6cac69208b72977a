using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

/// <summary>A block that is not complete yet, as a value.</summary>
public sealed class HeaderBlockValueTests
{
    private static readonly BlockLimits Limits = BlockLimits.Of(ConnectionOptions.Default with { MaxContinuations = 9, MaxEmptyContinuations = 9 });

    [Fact]
    public void Blocks_are_equal_by_content_however_often_they_were_continued_alike()
    {
        var block = Block(1, false, "ab", "cd");
        Assert.Equal(block, Block(1, false, "abc", "d"));
        Assert.Equal(block.GetHashCode(), Block(1, false, "abc", "d").GetHashCode());
        HeaderBlock[] others =
        [
            Block(3, false, "ab", "cd"), Block(1, true, "ab", "cd"), Block(1, false, "ab", "ce"), Block(1, false, "ab", "cde"),
            Block(1, false, "abcd"), Block(1, false, "ab", "c", "d"), Block(1, false, "abcd", ""), Promise(1, 2, "ab", "cd"),
        ];
        Assert.All(others, other => Assert.False(block.Equals(other)));
        Assert.NotEqual(Promise(1, 2, "ab"), Promise(1, 4, "ab"));
        Assert.False(block.Equals((HeaderBlock?)null));
        Assert.False(block.Equals((object)"abcd"));
    }

    [Fact]
    public void A_block_may_be_as_large_as_the_limit_and_no_larger()
    {
        var limits = Limits with { MaxOctets = 4 };
        Assert.Null(HeaderBlock.OfHeaders(Header(FrameType.Headers, 1, 0), "abcd", limits, out var full));
        Assert.NotNull(HeaderBlock.OfHeaders(Header(FrameType.Headers, 1, 0), "abcde", limits, out var none));
        Assert.Null(none);
        Assert.Null(full!.Append(default, limits, out _));
        Assert.NotNull(full.Append("e"u8.ToArray(), limits, out var same));
        Assert.Equal(full, same);
        Assert.Null(Block(1, false, "ab").Append("cd"u8.ToArray(), limits, out var joined));
        Assert.Equal("abcd", joined.Join().ToString());
    }

    private static HeaderBlock Block(uint id, bool end, params string[] parts)
    {
        var header = Header(FrameType.Headers, id, end ? FrameFlags.EndStream : FrameFlags.None);
        Assert.Null(HeaderBlock.OfHeaders(header, parts[0], Limits, out var block));
        return Continue(block!, id, parts);
    }

    private static HeaderBlock Promise(uint id, uint promised, params string[] parts)
    {
        Assert.Null(HeaderBlock.OfPushPromise(Header(FrameType.PushPromise, id, 0), new(promised), parts[0], Limits, out var block));
        return Continue(block!, id, parts);
    }

    private static HeaderBlock Continue(HeaderBlock block, uint id, string[] parts)
    {
        foreach (var part in parts.Skip(1))
            Assert.Null(block.Append(Octets.FromString(part).Memory, Limits, out block));
        return block;
    }

    private static FrameHeader Header(FrameType type, uint id, FrameFlags flags) => new(0, type, flags, new(id));
}
