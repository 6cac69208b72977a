using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>
/// <see cref="ConnectionOptions"/> as numbers in a fixed order. New options go to the end; a recording that has fewer leaves the rest at their
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
        o.MaxPushes, o.PrefaceTimeout, o.SettingsTimeout, o.HeaderBlockTimeout, o.IdleTimeout, o.ShutdownPingTimeout, o.ShutdownTimeout,
        o.LastStreamBeforeShutdown, o.FrameTimeout, o.RequestBodyPace.Rate, o.RequestBodyPace.Period, o.ResponseBodyPace.Rate,
        o.ResponseBodyPace.Period, o.KeepAliveInterval, o.KeepAliveTimeout, o.MaxUnreadPerConnection,
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
        uint Uint() => (uint)Take();
        RateLimit Rate() => new(Int(), Int());
        PaceLimit Pace() => new(Int(), Int());
        // An object initializer runs from top to bottom, so the order is that of Values.
        return new ConnectionOptions
        {
            MaxConcurrentStreams = Uint(), InitialStreamWindow = Uint(), InitialConnectionWindow = Uint(), MaxFrameSize = Int(),
            DecoderTableSize = Int(), EncoderTableSize = Int(), MaxHeaderListSize = Int(), MaxHeaderListSizeHard = Int(),
            MaxHeaderFields = Int(), MaxCookieCrumbs = Int(), MaxHeaderFieldsHard = Int(), MaxContinuations = Int(),
            MaxEmptyContinuations = Int(), MaxSettingsEntries = Int(), EnableConnectProtocol = Take() == 1, EnablePush = Take() == 1,
            PeerResetLimit = Rate(), CausedResetLimit = Rate(), GlitchLimit = Rate(), ControlFrameLimit = Rate(), MaxPushes = Int(),
            PrefaceTimeout = Int(), SettingsTimeout = Int(), HeaderBlockTimeout = Int(), IdleTimeout = Int(), ShutdownPingTimeout = Int(),
            ShutdownTimeout = Int(), LastStreamBeforeShutdown = Uint(), FrameTimeout = Int(), RequestBodyPace = Pace(), ResponseBodyPace = Pace(),
            KeepAliveInterval = Int(), KeepAliveTimeout = Int(), MaxUnreadPerConnection = Int(),
        };
    }

    /// <summary>Whether a number may be the value of an option: no option can be larger, so larger numbers were never written.</summary>
    public static bool IsPossible(ulong value) => value <= uint.MaxValue;
}
