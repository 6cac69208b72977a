using System.Globalization;

namespace Http2.Pure;

/// <summary>The ranges of <see cref="Http2Limits"/>. Zero is allowed where it means that nothing of the kind is taken.</summary>
internal static class LimitRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static string? FindFault(Http2Limits l) => Announced(l) ?? Sections(l) ?? Rates(l) ?? Times(l);

    /// <summary>Options that SETTINGS announce have the ranges of RFC 9113 §6.5.2; of streams no more are announced than there are identifiers.</summary>
    private static string? Announced(Http2Limits l) =>
        Range(l.MaxConcurrentStreams, 0, int.MaxValue, nameof(l.MaxConcurrentStreams))
        ?? Range(l.InitialStreamWindow, 0, WireConstants.MaxWindow, nameof(l.InitialStreamWindow))
        ?? Range(l.InitialConnectionWindow, WireConstants.InitialWindow, WireConstants.MaxWindow, nameof(l.InitialConnectionWindow))
        ?? Range(l.MaxUnreadPerConnection, 0, int.MaxValue, nameof(l.MaxUnreadPerConnection))
        ?? Range(l.MaxFrameSize, WireConstants.SmallestMaxFrameSize, WireConstants.LargestMaxFrameSize, nameof(l.MaxFrameSize))
        ?? Range(l.DecoderTableSize, 0, int.MaxValue, nameof(l.DecoderTableSize))
        ?? Range(l.EncoderTableSize, 0, int.MaxValue, nameof(l.EncoderTableSize))
        ?? Range(l.LastStreamBeforeShutdown, 1, int.MaxValue, nameof(l.LastStreamBeforeShutdown));

    private static string? Sections(Http2Limits l) =>
        Range(l.MaxHeaderListSize, 1, int.MaxValue, nameof(l.MaxHeaderListSize))
        ?? Range(l.MaxHeaderListSizeHard, l.MaxHeaderListSize, int.MaxValue, nameof(l.MaxHeaderListSizeHard), nameof(l.MaxHeaderListSize))
        ?? Range(l.MaxHeaderFields, 1, int.MaxValue, nameof(l.MaxHeaderFields))
        ?? Range(l.MaxCookieCrumbs, 0, int.MaxValue, nameof(l.MaxCookieCrumbs))
        ?? Range(l.MaxHeaderFieldsHard, l.MaxHeaderFields, int.MaxValue, nameof(l.MaxHeaderFieldsHard), nameof(l.MaxHeaderFields))
        ?? Range(l.MaxContinuations, 0, int.MaxValue, nameof(l.MaxContinuations))
        ?? Range(l.MaxEmptyContinuations, 0, int.MaxValue, nameof(l.MaxEmptyContinuations))
        ?? Range(l.MaxSettingsEntries, 1, int.MaxValue, nameof(l.MaxSettingsEntries))
        ?? Range(l.MaxPushes, 0, int.MaxValue, nameof(l.MaxPushes));

    private static string? Rates(Http2Limits l) =>
        Rate(l.PeerResetLimit, nameof(l.PeerResetLimit))
        ?? Rate(l.CausedResetLimit, nameof(l.CausedResetLimit))
        ?? Rate(l.GlitchLimit, nameof(l.GlitchLimit))
        ?? Rate(l.ControlFrameLimit, nameof(l.ControlFrameLimit))
        ?? Pace(l.RequestBodyPace, nameof(l.RequestBodyPace))
        ?? Pace(l.ResponseBodyPace, nameof(l.ResponseBodyPace));

    private static string? Times(Http2Limits l) =>
        Time(l.PrefaceTimeout, nameof(l.PrefaceTimeout))
        ?? Time(l.SettingsTimeout, nameof(l.SettingsTimeout))
        ?? Time(l.HeaderBlockTimeout, nameof(l.HeaderBlockTimeout))
        ?? Time(l.FrameTimeout, nameof(l.FrameTimeout))
        ?? Time(l.IdleTimeout, nameof(l.IdleTimeout))
        ?? Time(l.KeepAliveInterval, nameof(l.KeepAliveInterval), mayBeZero: true)
        ?? Time(l.KeepAliveTimeout, nameof(l.KeepAliveTimeout))
        ?? Time(l.ShutdownPingTimeout, nameof(l.ShutdownPingTimeout), mayBeZero: true)
        ?? Time(l.ShutdownTimeout, nameof(l.ShutdownTimeout));

    private static string? Rate(RateLimit limit, string option) =>
        Range(limit.Burst, 0, int.MaxValue, $"{option}.{nameof(limit.Burst)}")
        ?? Range(limit.PerSecond, 0, int.MaxValue, $"{option}.{nameof(limit.PerSecond)}");

    private static string? Pace(PaceLimit limit, string option) =>
        Range(limit.Rate, 0, int.MaxValue, $"{option}.{nameof(limit.Rate)}")
        ?? Time(limit.Period, $"{option}.{nameof(limit.Period)}");

    private static string? Time(TimeSpan value, string option, bool mayBeZero = false)
    {
        if (value <= Day && (value > TimeSpan.Zero || mayBeZero && value == TimeSpan.Zero))
            return null;
        var least = mayBeZero ? "zero or more" : "more than zero";
        return string.Create(CultureInfo.InvariantCulture, $"The option {option} is {value}; it must be {least} and at most a day.");
    }

    private static string? Range(long value, long least, long most, string option, string? leastIs = null)
    {
        if (value >= least && value <= most)
            return null;
        var from = leastIs is null ? $"{least}" : $"{least} ({leastIs})";
        return string.Create(CultureInfo.InvariantCulture, $"The option {option} is {value}; it must be {from} to {most}.");
    }
}
