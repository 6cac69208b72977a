using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class SectionLimitTests
{
    private static readonly HeaderField[] Get = RequestRuleTests.Get;

    [Theory]
    [InlineData(96, 0, nameof(HeadVerdict.Accepted))] // 4 pseudo-fields besides
    [InlineData(97, 0, nameof(HeadVerdict.TooLarge))]
    [InlineData(96, 256, nameof(HeadVerdict.Accepted))]
    [InlineData(0, 257, nameof(HeadVerdict.TooLarge))]
    [InlineData(996, 0, nameof(HeadVerdict.TooLarge))]
    [InlineData(997, 0, nameof(HeadVerdict.Excessive))]
    [InlineData(0, 997, nameof(HeadVerdict.Excessive))]
    public void Fields_and_cookie_crumbs_are_counted_apart_and_together(int plain, int crumbs, string expected)
    {
        var fields = Get
            .Concat(Enumerable.Repeat(new HeaderField("x", "y"), plain))
            .Concat(Enumerable.Repeat(new HeaderField("cookie", "z"), crumbs));
        var options = new ConnectionOptions { MaxHeaderListSize = 100_000, MaxHeaderListSizeHard = 100_000 };
        Assert.Equal(expected, Sections.Request(fields, out _, out var fault, options: options).GetType().Name);
        Assert.Equal(expected == nameof(HeadVerdict.Excessive), fault is Fault.OfConnection { Code: ErrorCode.EnhanceYourCalm });
        Assert.Equal(expected == nameof(HeadVerdict.Excessive), fault is not null);
    }

    [Theory]
    [InlineData(0, nameof(HeadVerdict.Accepted))]
    [InlineData(1, nameof(HeadVerdict.TooLarge))]
    [InlineData(32768, nameof(HeadVerdict.TooLarge))]
    [InlineData(32769, nameof(HeadVerdict.Excessive))]
    public void The_size_of_a_section_has_a_soft_and_a_hard_bound(int above, string expected)
    {
        var size = Get.Sum(field => field.Size);
        var field = new HeaderField("x", new string('y', 32768 - size - 33 + above));
        Assert.Equal(expected, Sections.Request([.. Get, field], out _, out var fault).GetType().Name);
        Assert.Equal(expected == nameof(HeadVerdict.Excessive), fault is Fault.OfConnection { Code: ErrorCode.EnhanceYourCalm });
    }

    [Fact]
    public void A_section_cut_by_the_decoder_still_tells_that_it_was_too_large()
    {
        var options = ConnectionOptions.Default;
        var fields = Get.Concat(Enumerable.Repeat(new HeaderField("x", new string('y', 1000)), 70)).ToArray();
        var block = HpackEncoder.Encode(EncoderState.Create(), fields).Block;
        HpackDecoder.Decode(DecoderState.Create(), block.Span, options.MaxHeaderListSizeHard, new FieldArena(), out var list, out _);
        Assert.True(list.Count < fields.Length);
        Assert.IsType<HeadVerdict.Excessive>(RequestRules.Judge(Sections.Stream, list, true, options, out _));
    }

    [Fact]
    public void Responses_and_trailers_have_the_same_bounds()
    {
        var many = Enumerable.Repeat(new HeaderField("x", "y"), 101).ToArray();
        Assert.IsType<HeadVerdict.TooLarge>(Sections.Response([new(":status", "200"), .. many], out _, out _));
        Assert.IsType<HeadVerdict.TooLarge>(ResponseRules.JudgeTrailers(Sections.Stream, Sections.Of(many), true, true, ConnectionOptions.Default));
        var excess = Enumerable.Repeat(new HeaderField("x", "y"), 1001).ToArray();
        Assert.IsType<HeadVerdict.Excessive>(Sections.Response(excess, out _, out _));
        Assert.IsType<HeadVerdict.Excessive>(ResponseRules.JudgeTrailers(Sections.Stream, Sections.Of(excess), true, true, ConnectionOptions.Default));
    }

    [Theory]
    [InlineData(256, 96, nameof(HeadVerdict.Accepted))]
    [InlineData(257, 0, nameof(HeadVerdict.TooLarge))]
    [InlineData(0, 101, nameof(HeadVerdict.TooLarge))]
    public void Crumbs_are_counted_apart_in_every_section_however_their_names_came(int crumbs, int others, string expected)
    {
        HeaderField[] fields =
            [.. Enumerable.Repeat(new HeaderField("cookie", "z"), crumbs), .. Enumerable.Repeat(new HeaderField("x", "y"), others)];
        HeaderField[] status = [new(":status", "200")];
        foreach (var of in (Func<IEnumerable<HeaderField>, FieldList>[])[list => Sections.Of(list), list => Sections.Spelled(list)])
        {
            HeadVerdict[] verdicts =
            [
                RequestRules.Judge(Sections.Stream, of([.. Get, .. fields]), true, ConnectionOptions.Default, out _),
                ResponseRules.Judge(Sections.Stream, of([.. status, .. fields]), false, true, ConnectionOptions.Default, out _),
                ResponseRules.JudgeTrailers(Sections.Stream, of(fields), true, true, ConnectionOptions.Default),
            ];
            Assert.All(verdicts, verdict => Assert.Equal(expected, verdict.GetType().Name));
        }
    }
}
