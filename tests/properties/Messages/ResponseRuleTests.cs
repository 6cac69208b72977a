using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class ResponseRuleTests
{
    [Theory]
    [InlineData("", "8.3.2")]
    [InlineData("x=y", "8.3.2")]
    [InlineData("x=y|:status=200", "8.3")] // behind a regular field
    [InlineData(":status=200|:status=200", "8.3")]
    [InlineData(":status=200|:path=/", "8.3")]
    [InlineData(":method=GET", "8.3")]
    [InlineData(":x=y", "8.3")]
    [InlineData(":status=", "8.3.2")]
    [InlineData(":status=20", "8.3.2")]
    [InlineData(":status=2000", "8.3.2")]
    [InlineData(":status=2x0", "8.3.2")]
    [InlineData(":status=099", "8.3.2")]
    [InlineData(":status=000", "8.3.2")]
    [InlineData(":status=+20", "8.3.2")]
    [InlineData(":status=200 ", "8.2.1")]
    [InlineData(":status=101", "8.6")]
    [InlineData(":status=200|X=y", "8.2.1")]
    [InlineData(":status=200|connection=close", "8.2.2")]
    [InlineData(":status=200|te=trailers", "8.2.2")]
    [InlineData(":status=200|content-length=1x", "8.1.1")]
    [InlineData(":status=200|content-length=1|content-length=2", "8.1.1")]
    public void A_malformed_response_is_a_stream_error_by_its_rule(string text, string section)
    {
        Assert.IsType<HeadVerdict.Malformed>(Sections.Response(Sections.Fields(text), out _, out var fault));
        var stream = Assert.IsType<Fault.OfStream>(fault);
        Assert.Equal((Sections.Stream, ErrorCode.ProtocolError, section), (stream.Id, stream.Code, stream.Rule.Section));
    }

    [Theory]
    [InlineData(":status=100", 100, -1)]
    [InlineData(":status=103|link=x", 103, -1)]
    [InlineData(":status=200|content-length=5", 200, 5)]
    [InlineData(":status=200|content-length=5|content-length=5", 200, 5)]
    [InlineData(":status=599", 599, -1)]
    [InlineData(":status=200|host=a", 200, -1)] // of no meaning here, and no length
    [InlineData(":status=999|set-cookie=a|set-cookie=b", 999, -1)]
    public void A_well_formed_response_is_accepted(string text, int status, long length)
    {
        Assert.IsType<HeadVerdict.Accepted>(Sections.Response(Sections.Fields(text), out var head, out var fault));
        Assert.Null(fault);
        Assert.Equal((status, length), (head.Status, head.ContentLength));
    }

    [Theory]
    [InlineData(":status=103", true, "8.1")] // informational
    [InlineData(":status=200|content-length=5", true, "8.1.1")]
    [InlineData(":status=200|content-length=5", false, null)] // the answer to HEAD
    [InlineData(":status=304|content-length=5", true, null)]
    [InlineData(":status=204|content-length=5", true, null)]
    [InlineData(":status=200|content-length=0", true, null)]
    [InlineData(":status=200", true, null)]
    public void A_response_that_ends_with_its_head_declares_no_body(string text, bool bodyExpected, string? section)
    {
        Sections.Response(Sections.Fields(text), out _, out var fault, endStream: true, bodyExpected);
        Assert.Equal(section, fault?.Rule.Section);
    }

    [Theory]
    [InlineData("x=y", true, null)]
    [InlineData("", true, null)]
    [InlineData("x=y", false, "8.1")] // without END_STREAM
    [InlineData(":status=200", true, "8.1")]
    [InlineData(":x=y", true, "8.1")]
    [InlineData("X=y", true, "8.2.1")]
    [InlineData("x=y ", true, "8.2.1")]
    [InlineData("keep-alive=1", true, "8.2.2")]
    public void Trailers_are_plain_fields_that_end_the_stream(string text, bool endStream, string? section)
    {
        var fields = Sections.Of(Sections.Fields(text));
        foreach (var ofRequest in (bool[])[true, false])
        {
            var fault = Sections.FaultOf(ResponseRules.JudgeTrailers(Sections.Stream, fields, endStream, ofRequest, ConnectionOptions.Default));
            Assert.Equal(section, fault?.Rule.Section);
            if (endStream)
                Assert.Equal(section, OutboundRules.JudgeTrailers(Sections.Fields(text), ofRequest)?.Section);
        }
    }

    [Theory]
    [InlineData("x=y|content-length=5|content-length=5", 5, null)]
    [InlineData("x=y", -1, null)]
    [InlineData("host=a", -1, null)]
    [InlineData("content-length=5|content-length=6", 6, "8.1.1")]
    [InlineData("content-length=+5", -1, "8.1.1")]
    [InlineData(":status=200", -1, "8.3")]
    [InlineData(":x=y", -1, "8.3")]
    [InlineData("X=y", -1, "8.2.1")]
    [InlineData("x=y\n", -1, "8.2.1")]
    public void A_response_to_send_is_judged_like_one_that_came(string text, long declared, string? section)
    {
        Assert.Equal(section, OutboundRules.JudgeResponse(Sections.Fields(text), out var length)?.Section);
        Assert.Equal(declared, length.OctetsOrMinusOne);
    }

    [Fact]
    public void Judging_fields_to_send_again_allocates_nothing()
    {
        var fields = Sections.Fields("server=x|date=y|content-type=text/plain|x=y");
        Assert.Null(OutboundRules.JudgeResponse(fields, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            OutboundRules.JudgeResponse(fields, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
