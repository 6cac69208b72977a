using System.CommandLine;
using System.Net.Security;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>Reads the options of <see cref="LoadCommand"/>.</summary>
internal static class LoadArguments
{
    // That of h2load.
    private const int DefaultWindow = (1 << 30) - 1;

    /// <summary>Reads the options of a parsed command line.</summary>
    /// <exception cref="UserErrorException">Options contradict each other, are malformed, or name files that cannot be read.</exception>
    public static LoadOptions Read(ParseResult parsed)
    {
        Judge(parsed);
        var (origin, socket, requests) = LoadRequests.Read(parsed);
        var isScripted = parsed.GetValue(LoadCommand.TimingScript) is not null;
        var slow = Arguments.Size(parsed, LoadCommand.SlowRead, 1, int.MaxValue);
        var window = slow is null ? DefaultWindow : WireConstants.InitialWindow;
        var scriptLines = isScripted ? requests.Count : 1;
        return new LoadOptions
        {
            Requests = requests,
            Origin = origin,
            UnixSocketPath = socket,
            IsScripted = isScripted,
            Count = Math.Min(Arguments.Number(parsed, LoadCommand.Requests, 1, long.MaxValue / 2) ?? scriptLines, isScripted ? scriptLines : long.MaxValue),
            Clients = (int)(Arguments.Number(parsed, LoadCommand.Clients, 1, 1_000_000) ?? 1),
            Threads = (int)(Arguments.Number(parsed, LoadCommand.Threads, 1, 1024) ?? 1),
            Streams = (int)(Arguments.Number(parsed, LoadCommand.Streams, 1, int.MaxValue) ?? 1),
            Duration = Arguments.Time(parsed, LoadCommand.Duration),
            WarmUp = Arguments.Time(parsed, LoadCommand.WarmUp) ?? TimeSpan.Zero,
            Rate = Arguments.Real(parsed, LoadCommand.RequestRate, 0.001, 1e9),
            ConnectionRate = (int)(Arguments.Number(parsed, LoadCommand.Rate, 0, int.MaxValue) ?? 0),
            ConnectionPeriod = Arguments.Time(parsed, LoadCommand.RatePeriod) ?? TimeSpan.FromSeconds(1),
            ActiveTimeout = Arguments.Time(parsed, LoadCommand.ActiveTimeout),
            InactivityTimeout = Arguments.Time(parsed, LoadCommand.InactivityTimeout),
            StreamWindow = Arguments.Window(parsed, LoadCommand.WindowBits) ?? window,
            ConnectionWindow = Math.Max(Arguments.Window(parsed, LoadCommand.ConnectionWindowBits) ?? window, WireConstants.InitialWindow),
            MaxFrameSize = Arguments.Size(parsed, LoadCommand.MaxFrameSize, WireConstants.SmallestMaxFrameSize, WireConstants.LargestMaxFrameSize)
                ?? WireConstants.SmallestMaxFrameSize,
            DecoderTableSize = Arguments.Size(parsed, LoadCommand.HeaderTableSize, 0, int.MaxValue) ?? WireConstants.InitialHeaderTableSize,
            EncoderTableSize = Arguments.Size(parsed, LoadCommand.EncoderHeaderTableSize, 0, int.MaxValue) ?? WireConstants.InitialHeaderTableSize,
            ConnectTo = Arguments.HostAndPort(parsed, LoadCommand.ConnectTo, origin.Port),
            ServerName = parsed.GetValue(LoadCommand.Sni),
            CipherSuites = Ciphers(parsed),
            IsInsecure = parsed.GetValue(LoadCommand.Insecure),
            IsGrpc = parsed.GetValue(LoadCommand.Grpc),
            CancelledPercent = Arguments.Real(parsed, LoadCommand.Cancel, 0, 100) ?? 0,
            ReadRate = slow,
            LogPath = parsed.GetValue(LoadCommand.LogFile),
            FailuresTo = parsed.GetValue(LoadCommand.RecordFailures),
            BasePath = parsed.GetValue(LoadCommand.Compare),
            Tolerance = Arguments.Real(parsed, LoadCommand.Tolerance, 0, 1e6) ?? 10,
            IsJson = parsed.GetValue(LoadCommand.Json),
            IsVerbose = parsed.GetValue(LoadCommand.Verbose),
        };
    }

    private static void Judge(ParseResult parsed)
    {
        Arguments.Exclude(parsed, LoadCommand.Rate, LoadCommand.Duration);
        Arguments.Exclude(parsed, LoadCommand.RequestRate, LoadCommand.TimingScript);
        Arguments.Require(parsed, LoadCommand.WarmUp, LoadCommand.Duration);
        Arguments.Require(parsed, LoadCommand.RatePeriod, LoadCommand.Rate);
        Arguments.Require(parsed, LoadCommand.Tolerance, LoadCommand.Compare);
    }

    private static IReadOnlyList<TlsCipherSuite>? Ciphers(ParseResult parsed)
    {
        if (parsed.GetValue(LoadCommand.Ciphers) is not { } list)
            return null;
        return CipherNames.Parse(list, out var unknown)
            ?? throw Arguments.Wrong(LoadCommand.Ciphers, unknown!, "names of cipher suites such as TLS_AES_128_GCM_SHA256");
    }
}
