using Http2.Pure;

namespace Http2.Shell;

/// <summary>Judges the options when the server is made, so that a bad one shows there and not at the first connection.</summary>
internal static class OptionRules
{
    private const UnixFileMode AllModes = (UnixFileMode)0xFFF;

    public static void Judge(Http2ServerOptions options)
    {
        if (options.Endpoints.Count == 0)
            Judge(new Http2Endpoint { Host = options.Host, Port = options.Port }, "");
        for (var i = 0; i < options.Endpoints.Count; i++)
            Judge(options.Endpoints[i], $"Endpoints[{i}].");
        OptionRange.Range(options.MaxConnections, 1, int.MaxValue, nameof(options.MaxConnections));
        OptionRange.Range(options.MaxUnsentPerStream, 4096, int.MaxValue, nameof(options.MaxUnsentPerStream));
        OptionRange.Range(options.MaxBodyBuffersPerConnection, 8192, int.MaxValue, nameof(options.MaxBodyBuffersPerConnection));
        OptionRange.Range(options.MaxUnsentPerConnection, 16384, int.MaxValue, nameof(options.MaxUnsentPerConnection));
        OptionRange.Rate(options.EmptyTlsRecordLimit, burst: 1, perSecond: 0, nameof(options.EmptyTlsRecordLimit));
        OptionRange.Range(options.MaxMemory ?? long.MaxValue, 1024 * 1024, long.MaxValue, nameof(options.MaxMemory));
        OptionRange.Time(options.HandshakeTimeout, nameof(options.HandshakeTimeout));
        OptionRange.Time(options.SendTimeout, nameof(options.SendTimeout));
        OptionRange.Time(options.UnreadTimeout, nameof(options.UnreadTimeout));
        OptionRange.Time(options.UnreachableTimeout, nameof(options.UnreachableTimeout));
        OptionRange.Time(options.HalfClosedTimeout, nameof(options.HalfClosedTimeout));
        OptionRange.Time(options.DrainTimeout, nameof(options.DrainTimeout));
        OptionRange.Time(options.LingerTimeout, nameof(options.LingerTimeout));
        OptionRange.Time(options.UnreadBodyTimeout, nameof(options.UnreadBodyTimeout));
        OptionRange.Range(options.MaxUnreadBody, 0, int.MaxValue, nameof(options.MaxUnreadBody));
        OptionRange.Range(options.MaxRequestBodySize ?? 0, 0, long.MaxValue, nameof(options.MaxRequestBodySize));
        OptionRange.Range(options.MaxExaminedPerRequest, 16384, int.MaxValue, nameof(options.MaxExaminedPerRequest));
        OptionRange.Range(options.MaxExaminedPerConnection, 16384, int.MaxValue, nameof(options.MaxExaminedPerConnection));
        OptionRange.Range(options.MaxUpgradeContent, 0, int.MaxValue, nameof(options.MaxUpgradeContent));
        Usable(options.Connection);
        if (options.Connection.FindFault() is { } fault)
            throw new ArgumentException(fault);
    }

    public static IReadOnlyList<Http2Endpoint> Endpoints(Http2ServerOptions options) =>
        options.Endpoints.Count > 0
            ? options.Endpoints
            : [new Http2Endpoint { Host = options.Host, Port = options.Port, Tls = options.Tls }];

    /// <summary>A copy of a list of endpoints.</summary>
    public static IReadOnlyList<Http2Endpoint> Whole(IReadOnlyList<Http2Endpoint>? endpoints) =>
        [.. OptionRange.Given(endpoints, nameof(Http2ServerOptions.Endpoints)).Select((endpoint, i) => OptionRange.Given(endpoint, $"Endpoints[{i}]"))];

    private static void Judge(Http2Endpoint endpoint, string prefix)
    {
        OptionRange.Range(endpoint.Port, 0, 65535, prefix + nameof(endpoint.Port));
        if (endpoint.Host is { } host && string.IsNullOrWhiteSpace(host))
            throw new ArgumentException($"The option {prefix}Host is '{host}'; give a name or an address, or null for all interfaces.");
        if (endpoint.UnixSocketPath is { } path && (path.Length == 0 || path.IndexOf('\0', 1) >= 0 || path == "\0"))
            throw new ArgumentException(
                $"The option {prefix}UnixSocketPath is '{path.Replace('\0', '@')}'; give a path, or null to listen on TCP.");
        if (endpoint.UnixSocketMode is not { } mode)
            return;
        if (endpoint.UnixSocketPath is null or ['\0', ..] || OperatingSystem.IsWindows())
            throw new ArgumentException($"The option {prefix}UnixSocketMode is {mode}, but there is no socket with a file that could have it.");
        if ((mode & ~AllModes) != 0)
            throw new ArgumentException($"The option {prefix}UnixSocketMode is {(int)mode}; it must be made of the names of {nameof(UnixFileMode)}.");
    }

    /// <summary>
    /// Values that the protocol allows, but with which common clients cannot use the server: below them HttpClient waits for ever, or curl,
    /// nghttp or a browser has every request refused.
    /// </summary>
    private static void Usable(Http2Limits limits)
    {
        OptionRange.Range(limits.MaxConcurrentStreams, 1, int.MaxValue, nameof(limits.MaxConcurrentStreams));
        OptionRange.Range(limits.InitialStreamWindow, 16384, int.MaxValue, nameof(limits.InitialStreamWindow));
        OptionRange.Range(limits.MaxHeaderListSize, 2048, int.MaxValue, nameof(limits.MaxHeaderListSize));
        OptionRange.Range(limits.MaxHeaderFields, 32, int.MaxValue, nameof(limits.MaxHeaderFields));
        OptionRange.Range(limits.MaxSettingsEntries, 8, int.MaxValue, nameof(limits.MaxSettingsEntries));
        OptionRange.Rate(limits.GlitchLimit, burst: 16, perSecond: 1, nameof(limits.GlitchLimit));
    }
}
