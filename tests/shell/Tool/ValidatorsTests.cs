using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ValidatorsTests
{
    private static readonly DateTime Written = new DateTime(2024, 2, 29, 12, 30, 45, DateTimeKind.Utc).AddTicks(1234567);

    private static readonly Validators File = new(1000, Written);

    [Fact]
    public void The_tag_changes_with_length_and_with_time()
    {
        Assert.Matches("^\"[0-9a-f-]+\"$", File.ETag);
        Assert.Equal(File.ETag, new Validators(1000, Written).ETag);
        Assert.NotEqual(File.ETag, new Validators(1001, Written).ETag);
        Assert.NotEqual(File.ETag, new Validators(1000, Written.AddTicks(1)).ETag);
    }

    [Fact]
    public void Last_modified_is_in_whole_seconds() => Assert.Equal("Thu, 29 Feb 2024 12:30:45 GMT", File.LastModifiedText);

    [Fact]
    public void Without_conditions_it_proceeds() => Assert.Equal(ConditionOutcome.Proceed, File.Judge(default));

    [Fact]
    public void The_own_tag_in_if_none_match_is_not_modified()
    {
        Assert.Equal(ConditionOutcome.NotModified, IfNoneMatch(File.ETag));
        Assert.Equal(ConditionOutcome.NotModified, IfNoneMatch("W/" + File.ETag));
        Assert.Equal(ConditionOutcome.NotModified, IfNoneMatch($"\"a,b\", {File.ETag}"));
        Assert.Equal(ConditionOutcome.NotModified, IfNoneMatch("*"));
        Assert.Equal(ConditionOutcome.Proceed, IfNoneMatch("\"other\""));
        Assert.Equal(ConditionOutcome.Proceed, IfNoneMatch("unquoted, \"open"));
    }

    [Theory]
    [InlineData("Thu, 29 Feb 2024 12:30:45 GMT", true)]
    [InlineData("Thu, 29 Feb 2024 12:30:46 GMT", true)]
    [InlineData("Thu, 29 Feb 2024 12:30:44 GMT", false)]
    [InlineData("Thursday, 29-Feb-24 12:30:45 GMT", true)]
    [InlineData("Thu Feb 29 12:30:45 2024", true)]
    [InlineData("Wed, 29 Feb 2024 12:30:45 GMT", false)]
    [InlineData("yesterday", false)]
    public void If_modified_since_counts_dates_of_all_three_forms(string date, bool notModified) =>
        Assert.Equal(
            notModified ? ConditionOutcome.NotModified : ConditionOutcome.Proceed,
            File.Judge(new Conditions { IfModifiedSince = date }));

    [Fact]
    public void If_none_match_makes_if_modified_since_count_for_nothing() =>
        Assert.Equal(
            ConditionOutcome.Proceed,
            File.Judge(new Conditions { IfNoneMatch = "\"other\"", IfModifiedSince = File.LastModifiedText }));

    [Fact]
    public void If_match_compares_strongly()
    {
        Assert.Equal(ConditionOutcome.Proceed, File.Judge(new Conditions { IfMatch = File.ETag }));
        Assert.Equal(ConditionOutcome.Proceed, File.Judge(new Conditions { IfMatch = "*" }));
        Assert.Equal(ConditionOutcome.PreconditionFailed, File.Judge(new Conditions { IfMatch = "W/" + File.ETag }));
        Assert.Equal(ConditionOutcome.PreconditionFailed, File.Judge(new Conditions { IfMatch = "\"other\"" }));
    }

    [Fact]
    public void If_unmodified_since_fails_when_the_file_is_newer()
    {
        Assert.Equal(ConditionOutcome.Proceed, File.Judge(new Conditions { IfUnmodifiedSince = File.LastModifiedText }));
        Assert.Equal(
            ConditionOutcome.PreconditionFailed, File.Judge(new Conditions { IfUnmodifiedSince = "Thu, 29 Feb 2024 12:30:44 GMT" }));
    }

    [Fact]
    public void If_range_lets_the_range_count_only_for_this_very_version()
    {
        Assert.True(File.AllowsRange(default));
        Assert.True(File.AllowsRange(new Conditions { IfRange = File.ETag }));
        Assert.True(File.AllowsRange(new Conditions { IfRange = File.LastModifiedText }));
        Assert.False(File.AllowsRange(new Conditions { IfRange = "W/" + File.ETag }));
        Assert.False(File.AllowsRange(new Conditions { IfRange = "\"other\"" }));
        Assert.False(File.AllowsRange(new Conditions { IfRange = "Thu, 29 Feb 2024 12:30:46 GMT" }));
        Assert.False(File.AllowsRange(new Conditions { IfRange = "nonsense" }));
    }

    private static ConditionOutcome IfNoneMatch(string value) => File.Judge(new Conditions { IfNoneMatch = value });
}
