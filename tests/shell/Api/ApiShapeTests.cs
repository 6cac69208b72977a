using Http2.Shell;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ApiShapeTests
{
    [Fact]
    public void Headers_are_written_as_a_list_of_pairs()
    {
        Http2Headers headers = [("Content-Type", "text/plain"), ("x-a", "1"), ("x-a", "2")];
        Assert.Equal("text/plain", headers["content-type"]);
        Assert.Equal(["1", "2"], headers.GetValues("X-A"));
        Assert.Equal("content-type", headers[0].Name.ToString());
        Assert.Null(headers["absent"]);
        Assert.Equal(3, headers.Count);
    }

    [Fact]
    public void Cookie_crumbs_are_joined_when_read_by_name()
    {
        Http2Headers headers = [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")];
        Assert.Equal("a=1; b=2", headers["cookie"]);
        Assert.Equal(["a=1", "b=2"], headers.GetValues("cookie"));
    }

    [Theory]
    [InlineData(":status", "200")]
    [InlineData("", "x")]
    [InlineData("a b", "x")]
    [InlineData("connection", "close")]
    [InlineData("x", "a\r\nb")]
    [InlineData("x", " leading")]
    [InlineData("x", "trailing\t")]
    public void A_field_that_may_not_be_sent_shows_where_it_is_written(string name, string value) =>
        Assert.Throws<ArgumentException>(() => Http2Headers.Of([(name, value)]));
}
