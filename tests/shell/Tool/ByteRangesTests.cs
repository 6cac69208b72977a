using FsCheck.Xunit;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ByteRangesTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=5-", 5, 95)]
    [InlineData("bytes=99-", 99, 1)]
    [InlineData("bytes=90-200", 90, 10)]
    [InlineData("bytes=-1", 99, 1)]
    [InlineData("bytes=-500", 0, 100)]
    [InlineData("BYTES=0-0", 0, 1)]
    [InlineData("bytes= 1-2 ", 1, 2)]
    [InlineData("bytes=0-99999999999999999999999", 0, 100)]
    public void One_range_is_cut_to_the_representation(string field, long start, long length) =>
        Assert.Equal([new ByteRange(start, length)], Parts(field, 100));

    [Fact]
    public void Several_ranges_keep_their_order() =>
        Assert.Equal([new ByteRange(50, 10), new ByteRange(0, 1), new ByteRange(98, 2)], Parts("bytes=50-59, 0-0,,-2", 100));

    [Fact]
    public void Ranges_outside_are_left_out_when_another_is_inside() =>
        Assert.Equal([new ByteRange(0, 1)], Parts("bytes=200-300,0-0", 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-200,300-400")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999999999999999999-")]
    public void Ranges_that_all_lie_outside_are_unsatisfiable(string field) =>
        Assert.IsType<RangeRequest.Unsatisfiable>(ByteRanges.Parse(field, 100));

    [Theory]
    [InlineData("bytes=0-0")]
    [InlineData("bytes=-5")]
    public void Nothing_of_an_empty_file_satisfies(string field) =>
        Assert.IsType<RangeRequest.Unsatisfiable>(ByteRanges.Parse(field, 0));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=0-0,nonsense")]
    [InlineData("seconds=0-1")]
    public void A_field_that_is_absent_malformed_or_of_another_unit_is_ignored(string? field) =>
        Assert.IsType<RangeRequest.Whole>(ByteRanges.Parse(field, 100));

    [Fact]
    public void Ranges_that_together_exceed_the_file_get_the_whole() =>
        Assert.IsType<RangeRequest.Whole>(ByteRanges.Parse("bytes=0-60,40-99", 100));

    [Fact]
    public void More_ranges_than_the_bound_get_the_whole()
    {
        string Many(int count) => "bytes=" + string.Join(',', Enumerable.Range(0, count).Select(i => $"{i * 2}-{i * 2}"));
        Assert.IsType<RangeRequest.Parts>(ByteRanges.Parse(Many(ByteRanges.MaxParts), 100));
        Assert.IsType<RangeRequest.Whole>(ByteRanges.Parse(Many(ByteRanges.MaxParts + 1), 100));
    }

    [Property(MaxTest = 500)]
    public bool Any_field_gives_ranges_inside_the_representation(string? field, uint length) =>
        Inside(ByteRanges.Parse(field, length), length) && Inside(ByteRanges.Parse("bytes=" + field, length), length);

    [Property(MaxTest = 500)]
    public bool A_well_formed_range_selects_the_octets_it_names(ushort first, ushort extra, ushort length)
    {
        var all = Enumerable.Range(0, length).ToArray();
        var wanted = all.Skip(first).Take(extra + 1).ToArray();
        return ByteRanges.Parse($"bytes={first}-{first + extra}", length) switch
        {
            RangeRequest.Parts { Ranges: [var range] } =>
                wanted.Length == range.Length && wanted[0] == range.Start && wanted[^1] == range.End,
            RangeRequest.Unsatisfiable => wanted.Length == 0,
            _ => false,
        };
    }

    [Fact]
    public void Content_range_names_first_last_and_total() =>
        Assert.Equal("bytes 10-19/100", new ByteRange(10, 10).ContentRange(100));

    private static bool Inside(RangeRequest request, long length) =>
        request is not RangeRequest.Parts parts || parts.Ranges.All(range => range.Start >= 0 && range.Length > 0 && range.End < length);

    private static ByteRange[] Parts(string field, long length) =>
        [.. Assert.IsType<RangeRequest.Parts>(ByteRanges.Parse(field, length)).Ranges];
}
