using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ValidatorsTests
{
    private static readonly DateTime Written = new DateTime(2024, 2, 29, 12, 30, 45, DateTimeKind.Utc).AddTicks(1234567);

    private static readonly DateTime Later = Written.AddHours(1);

    private static readonly FileStatus Status = new(FileKind.File, 1000, Written, Written, 7, 3);

    private static readonly Validators File = new(Status, Later);

    [Fact]
    public void The_tag_changes_with_all_that_the_system_knows_of_the_file()
    {
        Assert.Matches("^\"[0-9a-f]+\"$", File.ETag);
        Assert.True(File.IsFinal);
        Assert.Equal(File.ETag, new Validators(Status, Later.AddDays(1)).ETag);
        FileStatus[] others =
        [
            Status with { Length = 1001 }, Status with { LastWrite = Written.AddTicks(1) }, Status with { LastChange = Written.AddTicks(1) },
            Status with { Inode = 8 }, Status with { Device = 4 },
        ];
        Assert.Equal(others.Length + 1, others.Append(Status).Select(status => new Validators(status, Later).ETag).Distinct().Count());
    }

    [Fact]
    public void A_file_that_has_just_changed_has_a_weak_tag_of_its_own_that_grants_no_range()
    {
        var young = new Validators(Status, Written.AddMilliseconds(20));
        Assert.StartsWith("W/\"", young.ETag, StringComparison.Ordinal);
        Assert.False(young.IsFinal);
        Assert.Equal(ConditionOutcome.NotModified, young.Judge(new Conditions { IfNoneMatch = young.ETag }));
        Assert.Equal(ConditionOutcome.PreconditionFailed, young.Judge(new Conditions { IfMatch = young.ETag }));
        Assert.False(young.AllowsRange(new Conditions { IfRange = young.ETag }, Later));
        Assert.False(young.AllowsRange(new Conditions { IfRange = young.ETag[2..] }, Later));
        // What was sent then may have been another version, so it does not pass for this one.
        Assert.Equal(ConditionOutcome.Proceed, IfNoneMatch(young.ETag));
    }

    [Fact]
    public void Times_in_whole_seconds_tell_versions_apart_only_after_seconds()
    {
        var second = new DateTime(2024, 2, 29, 12, 30, 45, DateTimeKind.Utc);
        var status = Status with { LastWrite = second, LastChange = second };
        Assert.True(new Validators(status, second.AddSeconds(1.9)).IsWeak);
        Assert.False(new Validators(status, second.AddSeconds(4)).IsWeak);
        Assert.False(new Validators(Status, Written.AddSeconds(1.9)).IsWeak);
    }

    [Fact]
    public void Where_the_last_change_is_not_known_the_tag_is_weak_for_good()
    {
        var unknown = new Validators(Status with { LastChange = null }, Later);
        Assert.True(unknown.IsWeak);
        Assert.True(unknown.IsFinal);
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
        Assert.True(Allows(default));
        Assert.True(Allows(new Conditions { IfRange = File.ETag }));
        Assert.True(Allows(new Conditions { IfRange = File.LastModifiedText }));
        Assert.False(Allows(new Conditions { IfRange = "W/" + File.ETag }));
        Assert.False(Allows(new Conditions { IfRange = "\"other\"" }));
        Assert.False(Allows(new Conditions { IfRange = "Thu, 29 Feb 2024 12:30:46 GMT" }));
        Assert.False(Allows(new Conditions { IfRange = "nonsense" }));
    }

    [Fact]
    public void A_date_is_no_strong_validator_while_its_second_lasts()
    {
        var conditions = new Conditions { IfRange = File.LastModifiedText };
        Assert.False(File.AllowsRange(conditions, Written));
        Assert.False(File.AllowsRange(conditions, File.LastModified.AddSeconds(0.999)));
        Assert.True(File.AllowsRange(conditions, File.LastModified.AddSeconds(1)));
    }

    private static bool Allows(Conditions conditions) => File.AllowsRange(conditions, Later);

    private static ConditionOutcome IfNoneMatch(string value) => File.Judge(new Conditions { IfNoneMatch = value });
}
