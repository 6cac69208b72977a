using Http2.Pure;
using Xunit;

namespace Http2.Properties.Protocol;

/// <summary>Limits are judged before they are used, and what is wrong is said in one line that names the option.</summary>
public sealed class LimitTests
{
    private const long Day = 86_400_000;

    /// <summary>Every limit: its name, the least and the most it may be, and the defaults with another value in its place.</summary>
    private static readonly (string Name, long Least, long Most, Func<ConnectionOptions, long, ConnectionOptions> With)[] Limits =
    [
        (nameof(Http2Limits.MaxConcurrentStreams), 0, int.MaxValue, (o, v) => o with { MaxConcurrentStreams = (int)v }),
        (nameof(Http2Limits.InitialStreamWindow), 0, int.MaxValue, (o, v) => o with { InitialStreamWindow = (int)v }),
        (nameof(Http2Limits.InitialConnectionWindow), 65535, int.MaxValue, (o, v) => o with { InitialConnectionWindow = (int)v }),
        (nameof(Http2Limits.MaxUnreadPerConnection), 0, int.MaxValue, (o, v) => o with { MaxUnreadPerConnection = (int)v }),
        (nameof(Http2Limits.MaxFrameSize), 16384, 16777215, (o, v) => o with { MaxFrameSize = (int)v }),
        (nameof(Http2Limits.DecoderTableSize), 0, int.MaxValue, (o, v) => o with { DecoderTableSize = (int)v }),
        (nameof(Http2Limits.EncoderTableSize), 0, int.MaxValue, (o, v) => o with { EncoderTableSize = (int)v }),
        (nameof(Http2Limits.LastStreamBeforeShutdown), 1, int.MaxValue, (o, v) => o with { LastStreamBeforeShutdown = (int)v }),
        (nameof(Http2Limits.MaxHeaderListSize), 1, 65536, (o, v) => o with { MaxHeaderListSize = (int)v }),
        (nameof(Http2Limits.MaxHeaderListSizeHard), 32768, int.MaxValue, (o, v) => o with { MaxHeaderListSizeHard = (int)v }),
        (nameof(Http2Limits.MaxHeaderFields), 1, 1000, (o, v) => o with { MaxHeaderFields = (int)v }),
        (nameof(Http2Limits.MaxCookieCrumbs), 0, int.MaxValue, (o, v) => o with { MaxCookieCrumbs = (int)v }),
        (nameof(Http2Limits.MaxHeaderFieldsHard), 100, int.MaxValue, (o, v) => o with { MaxHeaderFieldsHard = (int)v }),
        (nameof(Http2Limits.MaxContinuations), 0, int.MaxValue, (o, v) => o with { MaxContinuations = (int)v }),
        (nameof(Http2Limits.MaxEmptyContinuations), 0, int.MaxValue, (o, v) => o with { MaxEmptyContinuations = (int)v }),
        (nameof(Http2Limits.MaxSettingsEntries), 1, int.MaxValue, (o, v) => o with { MaxSettingsEntries = (int)v }),
        (nameof(Http2Limits.MaxPushes), 0, int.MaxValue, (o, v) => o with { MaxPushes = (int)v }),
        ("PeerResetLimit.Burst", 0, int.MaxValue, (o, v) => o with { PeerResetLimit = o.PeerResetLimit with { Burst = (int)v } }),
        ("PeerResetLimit.PerSecond", 0, int.MaxValue, (o, v) => o with { PeerResetLimit = o.PeerResetLimit with { PerSecond = (int)v } }),
        ("CausedResetLimit.Burst", 0, int.MaxValue, (o, v) => o with { CausedResetLimit = o.CausedResetLimit with { Burst = (int)v } }),
        ("CausedResetLimit.PerSecond", 0, int.MaxValue,
            (o, v) => o with { CausedResetLimit = o.CausedResetLimit with { PerSecond = (int)v } }),
        ("GlitchLimit.Burst", 0, int.MaxValue, (o, v) => o with { GlitchLimit = o.GlitchLimit with { Burst = (int)v } }),
        ("GlitchLimit.PerSecond", 0, int.MaxValue, (o, v) => o with { GlitchLimit = o.GlitchLimit with { PerSecond = (int)v } }),
        ("ControlFrameLimit.Burst", 0, int.MaxValue, (o, v) => o with { ControlFrameLimit = o.ControlFrameLimit with { Burst = (int)v } }),
        ("ControlFrameLimit.PerSecond", 0, int.MaxValue,
            (o, v) => o with { ControlFrameLimit = o.ControlFrameLimit with { PerSecond = (int)v } }),
        ("RequestBodyPace.Rate", 0, int.MaxValue, (o, v) => o with { RequestBodyPace = o.RequestBodyPace with { Rate = (int)v } }),
        ("RequestBodyPace.Period", 1, Day, (o, v) => o with { RequestBodyPace = o.RequestBodyPace with { Period = Time(v) } }),
        ("ResponseBodyPace.Rate", 0, int.MaxValue, (o, v) => o with { ResponseBodyPace = o.ResponseBodyPace with { Rate = (int)v } }),
        ("ResponseBodyPace.Period", 1, Day, (o, v) => o with { ResponseBodyPace = o.ResponseBodyPace with { Period = Time(v) } }),
        (nameof(Http2Limits.PrefaceTimeout), 1, Day, (o, v) => o with { PrefaceTimeout = Time(v) }),
        (nameof(Http2Limits.SettingsTimeout), 1, Day, (o, v) => o with { SettingsTimeout = Time(v) }),
        (nameof(Http2Limits.HeaderBlockTimeout), 1, Day, (o, v) => o with { HeaderBlockTimeout = Time(v) }),
        (nameof(Http2Limits.FrameTimeout), 1, Day, (o, v) => o with { FrameTimeout = Time(v) }),
        (nameof(Http2Limits.IdleTimeout), 1, Day, (o, v) => o with { IdleTimeout = Time(v) }),
        (nameof(Http2Limits.KeepAliveInterval), 0, Day, (o, v) => o with { KeepAliveInterval = Time(v) }),
        (nameof(Http2Limits.KeepAliveTimeout), 1, Day, (o, v) => o with { KeepAliveTimeout = Time(v) }),
        (nameof(Http2Limits.ShutdownPingTimeout), 0, Day, (o, v) => o with { ShutdownPingTimeout = Time(v) }),
        (nameof(Http2Limits.ShutdownTimeout), 1, Day, (o, v) => o with { ShutdownTimeout = Time(v) }),
    ];

    private static TimeSpan Time(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>The names.</summary>
    public static TheoryData<string> Names() => [.. Limits.Select(limit => limit.Name)];

    [Fact]
    public void The_defaults_are_without_fault() => Assert.Null(ConnectionOptions.Default.FindFault());

    [Fact]
    public void Every_limit_is_judged() =>
        Assert.Empty(typeof(Http2Limits).GetProperties().Where(property => property.DeclaringType == typeof(Http2Limits))
            .Select(property => property.Name).Where(name => name != "EqualityContract")
            .Except(Limits.Select(limit => limit.Name.Split('.')[0])));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_within_its_range_is_taken_and_what_is_beside_it_is_named(string name)
    {
        var (_, least, most, with) = Limits.Single(limit => limit.Name == name);
        Assert.Null(with(ConnectionOptions.Default, least).FindFault());
        Assert.Null(with(ConnectionOptions.Default, most).FindFault());
        if (least > 0)
            Names(with(ConnectionOptions.Default, least - 1));
        // one more than the largest number there is wraps round to one below the least
        Names(with(ConnectionOptions.Default, most + 1));

        void Names(ConnectionOptions options)
        {
            var fault = options.FindFault();
            Assert.NotNull(fault);
            Assert.DoesNotContain('\n', fault);
            // two options that belong together: the one that comes last says which other it is held against
            Assert.Contains(name, fault);
        }
    }

    [Fact]
    public void Of_several_limits_beside_their_ranges_the_first_is_named()
    {
        var options = ConnectionOptions.Default;
        foreach (var (name, least, most, with) in Limits.Reverse())
        {
            options = with(options, least > 0 ? least - 1 : most + 1);
            Assert.StartsWith($"The option {name} is ", options.FindFault(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_says_what_is_given_and_what_may_be() =>
        Assert.Equal(
            "The option MaxFrameSize is 100; it must be 16384 to 16777215.", new ConnectionOptions { MaxFrameSize = 100 }.FindFault());

    [Fact]
    public void A_line_says_times_in_full()
    {
        Assert.Equal(
            "The option IdleTimeout is 00:00:00; it must be more than zero and at most a day.",
            new ConnectionOptions { IdleTimeout = TimeSpan.Zero }.FindFault());
        Assert.Equal(
            "The option KeepAliveInterval is -00:00:00.0010000; it must be zero or more and at most a day.",
            new ConnectionOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }.FindFault());
        Assert.Equal(
            "The option ResponseBodyPace.Period is 1.00:00:00.0000001; it must be more than zero and at most a day.",
            new ConnectionOptions { ResponseBodyPace = new(1, TimeSpan.FromDays(1) + TimeSpan.FromTicks(1)) }.FindFault());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(9_999, 1)]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 2)]
    [InlineData(864_000_000_000, 86_400_000)]
    public void A_part_of_a_millisecond_counts_as_a_whole_one(long ticks, long milliseconds) =>
        Assert.Equal(milliseconds, Milliseconds.Of(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void A_hard_bound_below_the_soft_one_names_both() =>
        Assert.Equal(
            "The option MaxHeaderFieldsHard is 99; it must be 100 (MaxHeaderFields) to 2147483647.",
            new ConnectionOptions { MaxHeaderFieldsHard = 99 }.FindFault());
}
