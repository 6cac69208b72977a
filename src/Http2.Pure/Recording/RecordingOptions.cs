using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>
/// <see cref="ConnectionOptions"/> as numbers in a fixed order, times as milliseconds. New options go to the end; a recording that has fewer leaves the rest at their
/// defaults.
/// </summary>
internal static class RecordingOptions
{
    public static ImmutableArray<long> Values(ConnectionOptions o) =>
    [
        o.MaxConcurrentStreams, o.InitialStreamWindow, o.InitialConnectionWindow, o.MaxFrameSize, o.DecoderTableSize, o.EncoderTableSize,
        o.MaxHeaderListSize, o.MaxHeaderListSizeHard, o.MaxHeaderFields, o.MaxCookieCrumbs, o.MaxHeaderFieldsHard, o.MaxContinuations,
        o.MaxEmptyContinuations, o.MaxSettingsEntries, o.EnableConnectProtocol ? 1 : 0, o.EnablePush ? 1 : 0,
        o.PeerResetLimit.Burst, o.PeerResetLimit.PerSecond, o.CausedResetLimit.Burst, o.CausedResetLimit.PerSecond,
        o.GlitchLimit.Burst, o.GlitchLimit.PerSecond, o.ControlFrameLimit.Burst, o.ControlFrameLimit.PerSecond,
        o.MaxPushes, Of(o.PrefaceTimeout), Of(o.SettingsTimeout), Of(o.HeaderBlockTimeout), Of(o.IdleTimeout), Of(o.ShutdownPingTimeout),
        Of(o.ShutdownTimeout), o.LastStreamBeforeShutdown, Of(o.FrameTimeout), o.RequestBodyPace.Rate, Of(o.RequestBodyPace.Period),
        o.ResponseBodyPace.Rate, Of(o.ResponseBodyPace.Period), Of(o.KeepAliveInterval), Of(o.KeepAliveTimeout), o.MaxUnreadPerConnection,
        o.UpgradedContent,
    ];

    public static int Count { get; } = Values(ConnectionOptions.Default).Length;

    /// <summary>The options that <paramref name="given"/> states, the defaults for what it leaves out.</summary>
    /// <param name="given">At most <see cref="Count"/> numbers.</param>
    public static ConnectionOptions Of(ImmutableArray<long> given)
    {
        var next = 0;
        var values = given.AddRange(Values(ConnectionOptions.Default)[given.Length..]);
        long Take() => values[next++];
        int Int() => (int)Take();
        TimeSpan Time() => TimeSpan.FromMilliseconds(Take());
        RateLimit Rate() => new(Int(), Int());
        PaceLimit Pace() => new(Int(), Time());
        // An object initializer runs from top to bottom, so the order is that of Values.
        return new ConnectionOptions
        {
            MaxConcurrentStreams = Int(), InitialStreamWindow = Int(), InitialConnectionWindow = Int(), MaxFrameSize = Int(),
            DecoderTableSize = Int(), EncoderTableSize = Int(), MaxHeaderListSize = Int(), MaxHeaderListSizeHard = Int(),
            MaxHeaderFields = Int(), MaxCookieCrumbs = Int(), MaxHeaderFieldsHard = Int(), MaxContinuations = Int(),
            MaxEmptyContinuations = Int(), MaxSettingsEntries = Int(), EnableConnectProtocol = Take() == 1, EnablePush = Take() == 1,
            PeerResetLimit = Rate(), CausedResetLimit = Rate(), GlitchLimit = Rate(), ControlFrameLimit = Rate(), MaxPushes = Int(),
            PrefaceTimeout = Time(), SettingsTimeout = Time(), HeaderBlockTimeout = Time(), IdleTimeout = Time(), ShutdownPingTimeout = Time(),
            ShutdownTimeout = Time(), LastStreamBeforeShutdown = Int(), FrameTimeout = Time(), RequestBodyPace = Pace(), ResponseBodyPace = Pace(),
            KeepAliveInterval = Time(), KeepAliveTimeout = Time(), MaxUnreadPerConnection = Int(),
            UpgradedContent = Int(),
        };
    }

    /// <summary>Whether a number may be the value of an option: no option can be larger.</summary>
    public static bool IsPossible(ulong value) => value <= int.MaxValue;

    private static long Of(TimeSpan time) => Milliseconds.Of(time);
}
