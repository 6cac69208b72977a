using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class CookieCrumbTests
{
    [Theory]
    [InlineData("x=y", "")]
    [InlineData("", "")]
    [InlineData("cookie=a=b", "a=b")]
    [InlineData("cookie=a=b|x=y|cookie=c=d|cookie=e=f|z=y", "a=b; c=d; e=f")]
    [InlineData("cookie=|cookie=", "; ")]
    public void Crumbs_are_joined_in_order(string text, string cookie) =>
        Assert.Equal(cookie, CookieCrumbs.Join(Sections.Of(Sections.Fields(text))).ToString());

    [Fact]
    public void A_crumb_is_known_by_its_name_when_that_came_spelled_out()
    {
        var fields = Sections.Spelled(Sections.Fields("cookie=a=b|cookies=x|cookie=c=d"));
        Assert.Equal("a=b; c=d", CookieCrumbs.Join(fields).ToString());
    }

    [Property]
    public void The_cookie_is_the_crumbs_with_semicolons_between(byte[][] crumbs, bool between)
    {
        var fields = crumbs.SelectMany(crumb => between
            ? [new HeaderField("cookie", new Octets(crumb ?? [])), new HeaderField("x", "y")]
            : new[] { new HeaderField("cookie", new Octets(crumb ?? [])) });
        var expected = new List<byte>();
        for (var i = 0; i < crumbs.Length; i++)
            expected.AddRange([.. i == 0 ? [] : "; "u8.ToArray(), .. crumbs[i] ?? []]);
        Assert.Equal(expected, CookieCrumbs.Join(Sections.Of(fields)).Span.ToArray());
    }
}
