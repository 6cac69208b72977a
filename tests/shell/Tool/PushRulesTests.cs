using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class PushRulesTests
{
    [Fact]
    public void Rules_for_one_path_add_up_in_order()
    {
        var rules = PushRules.Parse(["/=/a.css,/b.js", "/x=/y?z=1", "/=/c"]);
        Assert.Equal(["/a.css", "/b.js", "/c"], rules.For("/").ToArray());
        Assert.Equal(["/y?z=1"], rules.For("/x").ToArray());
        Assert.Equal(["/y?z=1"], rules.For("/x?query").ToArray());
        Assert.Empty(rules.For("/other"));
        Assert.False(rules.IsEmpty);
        Assert.True(PushRules.Parse([]).IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/=")]
    [InlineData("=/a")]
    [InlineData("index=/a")]
    [InlineData("/=a")]
    [InlineData("/=/a,")]
    [InlineData("/=https://example.com/a")]
    [InlineData("/=/a b")]
    [InlineData("/=/")]
    public void A_malformed_rule_is_an_error_that_names_it(string value)
    {
        var error = Assert.Throws<UserErrorException>(() => PushRules.Parse([value]));
        Assert.Equal(2, error.ExitCode);
        Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }
}
