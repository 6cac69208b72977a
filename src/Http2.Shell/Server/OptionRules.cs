namespace Http2.Shell;

/// <summary>Judges the options when the server is made, so that a bad one shows there and not at the first connection.</summary>
internal static class OptionRules
{
    public static void Judge(Http2ServerOptions options)
    {
        foreach (var endpoint in Endpoints(options))
            Range(endpoint.Port, 0, 65535, nameof(endpoint.Port));
        Range(options.MaxConnections, 1, int.MaxValue, nameof(options.MaxConnections));
        Range(options.MaxUnsentPerStream, 4096, int.MaxValue, nameof(options.MaxUnsentPerStream));
        Range(options.MaxBodyBuffersPerConnection, 8192, int.MaxValue, nameof(options.MaxBodyBuffersPerConnection));
        Range(options.MaxUnsentPerConnection, 16384, int.MaxValue, nameof(options.MaxUnsentPerConnection));
        Range(options.MaxMemory ?? long.MaxValue, 1024 * 1024, long.MaxValue, nameof(options.MaxMemory));
        Time(options.HandshakeTimeout, nameof(options.HandshakeTimeout));
        Time(options.SendTimeout, nameof(options.SendTimeout));
        Time(options.UnreadTimeout, nameof(options.UnreadTimeout));
        Time(options.DrainTimeout, nameof(options.DrainTimeout));
        Time(options.LingerTimeout, nameof(options.LingerTimeout));
        Time(options.UnreadBodyTimeout, nameof(options.UnreadBodyTimeout));
        Range(options.MaxUnreadBody, 0, int.MaxValue, nameof(options.MaxUnreadBody));
        if (options.Connection.FindFault() is { } fault)
            throw new ArgumentException(fault);
    }

    public static IReadOnlyList<Http2Endpoint> Endpoints(Http2ServerOptions options) =>
        options.Endpoints.Count > 0
            ? options.Endpoints
            : [new Http2Endpoint { Host = options.Host, Port = options.Port, Tls = options.Tls }];

    private static void Range(long value, long least, long most, string option)
    {
        if (value < least || value > most)
            throw new ArgumentException($"The option {option} is {value}; it must be {least} to {most}.");
    }

    private static void Time(TimeSpan value, string option)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            throw new ArgumentException($"The option {option} is {value}; it must be more than nothing and at most a day.");
    }
}
