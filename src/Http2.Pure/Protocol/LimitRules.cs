using System.Globalization;

namespace Http2.Pure;

/// <summary>The ranges of <see cref="Http2Limits"/>. Zero is allowed where it means that nothing of the kind is taken.</summary>
internal static class LimitRules
{
    private const int Day = 24 * 60 * 60 * 1000;

    public static string? FindFault(Http2Limits l) => Announced(l) ?? Sections(l) ?? Rates(l) ?? Times(l);

    /// <summary>Options that SETTINGS announce have the ranges of RFC 9113 §6.5.2. The number of streams is not judged: any may be announced.</summary>
    private static string? Announced(Http2Limits l) =>
        Range(l.InitialStreamWindow, 0, WireConstants.MaxWindow, nameof(l.InitialStreamWindow))
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
        Range(l.PrefaceTimeout, 1, Day, nameof(l.PrefaceTimeout))
        ?? Range(l.SettingsTimeout, 1, Day, nameof(l.SettingsTimeout))
        ?? Range(l.HeaderBlockTimeout, 1, Day, nameof(l.HeaderBlockTimeout))
        ?? Range(l.FrameTimeout, 1, Day, nameof(l.FrameTimeout))
        ?? Range(l.IdleTimeout, 1, Day, nameof(l.IdleTimeout))
        ?? Range(l.KeepAliveInterval, 0, Day, nameof(l.KeepAliveInterval))
        ?? Range(l.KeepAliveTimeout, 1, Day, nameof(l.KeepAliveTimeout))
        ?? Range(l.ShutdownPingTimeout, 0, Day, nameof(l.ShutdownPingTimeout))
        ?? Range(l.ShutdownTimeout, 1, Day, nameof(l.ShutdownTimeout));

    private static string? Rate(RateLimit limit, string option) =>
        Range(limit.Burst, 0, int.MaxValue, $"{option}.{nameof(limit.Burst)}")
        ?? Range(limit.PerSecond, 0, int.MaxValue, $"{option}.{nameof(limit.PerSecond)}");

    private static string? Pace(PaceLimit limit, string option) =>
        Range(limit.Rate, 0, int.MaxValue, $"{option}.{nameof(limit.Rate)}")
        ?? Range(limit.Period, 1, Day, $"{option}.{nameof(limit.Period)}");

    private static string? Range(long value, long least, long most, string option, string? leastIs = null)
    {
        if (value >= least && value <= most)
            return null;
        var from = leastIs is null ? $"{least}" : $"{least} ({leastIs})";
        return string.Create(CultureInfo.InvariantCulture, $"The option {option} is {value}; it must be {from} to {most}.");
    }
}
