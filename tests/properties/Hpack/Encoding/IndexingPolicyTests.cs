using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Policies of indexing: what they decide, their equality and their texts.</summary>
public sealed class IndexingPolicyTests
{
    [Fact]
    public void A_policy_says_what_it_decides()
    {
        Assert.Equal("else: Incremental", IndexingPolicy.All.ToString());
        Assert.Equal("else by rule", IndexingPolicy.None.ToString());
        Assert.Equal(
            "etag: Without, x-k: Never, cookie below 5 octets: Never, else: Incremental",
            IndexingPolicy.All.With("x-k", Indexing.Never).With("etag", Indexing.Without).WithShortCookies(5).ToString());
        Assert.Equal("beyond 1/7 of a full table: OnSecondSight, else: Incremental", IndexingPolicy.All.WithShare(7).ToString());
    }

    [Fact]
    public void Policies_are_equal_when_they_decide_alike_by_the_same_words()
    {
        var policy = IndexingPolicy.All.With("x-k", Indexing.Never).WithShortCookies(5);
        var same = IndexingPolicy.All.WithShortCookies(5).With("x-k", Indexing.Never);
        Assert.True(policy.Equals(same) && policy.Equals((object)same));
        Assert.Equal(policy.GetHashCode(), same.GetHashCode());
        IndexingPolicy[] others =
        [
            IndexingPolicy.All, policy.WithShortCookies(6), policy.With("x-k", Indexing.Without), policy.With("y", Indexing.Never),
            IndexingPolicy.None, policy.WithShare(7),
        ];
        Assert.All(others, other => Assert.False(policy.Equals(other)));
        // what a name decides may be left out of the hash; the names, the cookies' length and the rule are in it
        Assert.NotEqual(policy.GetHashCode(), others[0].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[1].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[3].GetHashCode());
        Assert.NotEqual(others[0].GetHashCode(), others[4].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[5].GetHashCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.WithShare(-1));
        Assert.Equal(7, policy.WithShare(7).With("y", Indexing.Never).WithShortCookies(9).Share);
        Assert.False(policy.Equals((IndexingPolicy?)null));
    }

    [Fact]
    public void A_policy_decides_by_name_by_value_and_by_rule()
    {
        var policy = IndexingPolicy.FromRule((_, value) => value.Length > 3 ? Indexing.Without : Indexing.Incremental)
            .With("x-k", Indexing.Never).With("etag", Indexing.Never).With("cookie", Indexing.Without).WithShortCookies(5);
        Indexing Decide(string name, string value) => policy.Decide(Octets.FromString(name).Span, Octets.FromString(value).Span);
        Assert.Equal(Indexing.Never, Decide("x-k", ""));
        Assert.Equal(Indexing.Never, Decide("etag", "12345"));
        Assert.Equal(Indexing.Never, Decide("cookie", "1234"));
        Assert.Equal(Indexing.Without, Decide("cookie", "12345"));
        Assert.Equal(Indexing.Without, Decide("x-j", "1234"));
        Assert.Equal(Indexing.Incremental, Decide("x-j", "123"));
        Assert.Equal(Indexing.Incremental, Decide("accept", "123"));
        Assert.Equal(Indexing.Without, Decide("accept", "1234"));
        Assert.Equal(Indexing.Without, IndexingPolicy.None.Decide("x"u8, "y"u8));
        Assert.Equal(Indexing.Incremental, IndexingPolicy.All.Decide("authorization"u8, "y"u8));
    }

    [Fact]
    public void The_default_policy_keeps_secrets_and_one_time_values_out_of_the_table()
    {
        static Indexing Decide(string name, string value) =>
            IndexingPolicy.Default.Decide(Octets.FromString(name).Span, Octets.FromString(value).Span);
        Assert.All(new[] { "authorization", "proxy-authorization", "set-cookie" }, name => Assert.Equal(Indexing.Never, Decide(name, "v")));
        Assert.Equal(Indexing.Never, Decide("cookie", new string('c', 19)));
        Assert.Equal(Indexing.Incremental, Decide("cookie", new string('c', 20)));
        string[] once = [":path", "content-length", "age", "if-modified-since", "if-none-match"];
        Assert.All(once, name => Assert.Equal(Indexing.Without, Decide(name, "v")));
        string[] perhapsTwice = ["etag", "expires", "last-modified", "location"];
        Assert.All(perhapsTwice, name => Assert.Equal(Indexing.OnSecondSight, Decide(name, "v")));
        Assert.Equal(12, IndexingPolicy.Default.Share);
        Assert.Equal(Indexing.Incremental, Decide("user-agent", "v"));
    }
}
