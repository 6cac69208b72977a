using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>A header field as a value.</summary>
public sealed class HeaderFieldTests
{
    private static readonly HeaderField A = ("x-a", "1");

    [Fact]
    public void Fields_are_equal_by_content_and_by_the_mark()
    {
        HeaderField same = new("x-a", "1");
        Assert.True(A.Equals(same) && A.Equals((object)same));
        Assert.Equal(A.GetHashCode(), same.GetHashCode());
        HeaderField[] others = [new("x-a", "2"), new("x-b", "1"), new("x-a", "1", neverIndexed: true), new("x-a1", ""), new("", "x-a1")];
        Assert.All(others, other => Assert.False(A.Equals(other)));
        Assert.False(A.Equals((HeaderField?)null));
        Assert.False(A.Equals((object)"x-a: 1"));
        Assert.Equal("x-a: 1", A.ToString());
        Assert.Equal(36, A.Size);
    }
}
