using System.CommandLine;
using System.Globalization;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Reads the options of <see cref="GetCommand"/>.</summary>
internal static class GetArguments
{
    private const int MostTimes = 1_000_000;

    // With --continuation: more than fits into one frame that every server takes.
    private const int LongFields = 8, LongFieldOctets = 4096;

    /// <summary>Reads the options of a parsed command line.</summary>
    /// <exception cref="UserErrorException">Options contradict each other, are malformed, or name files that cannot be read.</exception>
    public static GetOptions Read(ParseResult parsed)
    {
        Judge(parsed);
        var urls = parsed.GetValue(GetCommand.Urls)!.Select(Url).ToList();
        var fields = parsed.GetValue(GetCommand.Header)!.Select(text => Arguments.Field(GetCommand.Header, text)).ToList();
        return new GetOptions
        {
            Urls = urls,
            Method = parsed.GetValue(GetCommand.Method) ?? Last(fields, ":method"),
            Authority = Last(fields, ":authority") ?? Last(fields, "host"),
            Scheme = Last(fields, ":scheme"),
            Headers = [.. fields.Where(field => field.Name is not (":method" or ":authority" or ":scheme" or "host")), .. Added(parsed)],
            Trailers = [.. parsed.GetValue(GetCommand.Trailer)!.Select(text => Arguments.Field(GetCommand.Trailer, text))],
            DataPath = parsed.GetValue(GetCommand.Data),
            HidesLength = parsed.GetValue(GetCommand.NoContentLength),
            Priority = parsed.GetValue(GetCommand.Priority) is { } text ? Priority(text) : null,
            Times = InRange(parsed.GetValue(GetCommand.Multiply), 1, MostTimes, GetCommand.Multiply),
            Bodies = parsed.GetValue(GetCommand.NullOut) ? BodyUse.Discarded : parsed.GetValue(GetCommand.RemoteName) ? BodyUse.Saved : BodyUse.Written,
            ShowsFrames = parsed.GetValue(GetCommand.Verbose),
            ShowsOctets = parsed.GetValue(GetCommand.HexDump),
            ForcesColour = parsed.GetValue(GetCommand.Color),
            ShowsStatistics = parsed.GetValue(GetCommand.Statistics),
            IsJson = parsed.GetValue(GetCommand.Json),
            Pings = InRange(parsed.GetValue(GetCommand.Ping), 0, MostTimes, GetCommand.Ping),
            HarPath = parsed.GetValue(GetCommand.Har),
            RecordTo = parsed.GetValue(GetCommand.Record),
            ExpectedStatus = parsed.GetValue(GetCommand.Expect) is { } status ? InRange(status, 200, 999, GetCommand.Expect) : null,
            IsWebSocket = parsed.GetValue(GetCommand.WebSocket),
            TunnelTo = Arguments.HostAndPort(parsed, GetCommand.Connect, 443) is { } to ? $"{(to.Host.Contains(':') ? $"[{to.Host}]" : to.Host)}:{to.Port}" : null,
            UnixSocketPath = parsed.GetValue(GetCommand.Unix),
            ConnectTo = Arguments.HostAndPort(parsed, GetCommand.ConnectTo, urls[0].Port),
            IsInsecure = parsed.GetValue(GetCommand.Insecure),
            Certificate = parsed.GetValue(GetCommand.Cert) is { } cert ? CertificateFiles.Load(cert, parsed.GetValue(GetCommand.Key)!) : null,
            Connection = Connection(parsed),
            Timeout = Arguments.Time(parsed, GetCommand.Timeout) is not { } time ? TimeSpan.FromSeconds(30)
                : time <= TimeSpan.FromDays(1) ? time
                : throw Arguments.Wrong(GetCommand.Timeout, parsed.GetValue(GetCommand.Timeout)!, "at most 24h"),
        };
    }

    private static void Judge(ParseResult parsed)
    {
        Arguments.Exclude(parsed, GetCommand.NullOut, GetCommand.RemoteName);
        Arguments.Exclude(parsed, GetCommand.WebSocket, GetCommand.Connect);
        Arguments.Exclude(parsed, GetCommand.Unix, GetCommand.ConnectTo);
        Arguments.Require(parsed, GetCommand.Cert, GetCommand.Key);
        Arguments.Require(parsed, GetCommand.Key, GetCommand.Cert);
        Arguments.Require(parsed, GetCommand.Trailer, GetCommand.Data);
        Arguments.Require(parsed, GetCommand.ExpectContinue, GetCommand.Data);
        Arguments.Require(parsed, GetCommand.NoContentLength, GetCommand.Data);
        foreach (var other in new Option[] { GetCommand.Data, GetCommand.Multiply, GetCommand.RemoteName, GetCommand.Expect, GetCommand.Json, GetCommand.Har })
        {
            Arguments.Exclude(parsed, GetCommand.WebSocket, other);
            Arguments.Exclude(parsed, GetCommand.Connect, other);
        }
    }

    private static ConnectionOptions Connection(ParseResult parsed)
    {
        var options = Http2ClientOptions.Default.Connection;
        return options with
        {
            EnablePush = !parsed.GetValue(GetCommand.NoPush),
            MaxConcurrentStreams = (int)(Arguments.Number(parsed, GetCommand.MaxStreams, 0, int.MaxValue) ?? options.MaxConcurrentStreams),
            InitialStreamWindow = Arguments.Window(parsed, GetCommand.WindowBits) ?? options.InitialStreamWindow,
            InitialConnectionWindow = Math.Max(
                Arguments.Window(parsed, GetCommand.ConnectionWindowBits) ?? options.InitialConnectionWindow, WireConstants.InitialWindow),
            DecoderTableSize = Arguments.Size(parsed, GetCommand.HeaderTableSize, 0, int.MaxValue) ?? options.DecoderTableSize,
            EncoderTableSize = Arguments.Size(parsed, GetCommand.EncoderHeaderTableSize, 0, int.MaxValue) ?? options.EncoderTableSize,
        };
    }

    private static IEnumerable<(string Name, string Value)> Added(ParseResult parsed)
    {
        if (parsed.GetValue(GetCommand.ExpectContinue))
            yield return ("expect", "100-continue");
        if (!parsed.GetValue(GetCommand.Continuation))
            yield break;
        for (var i = 1; i <= LongFields; i++)
            yield return (string.Create(CultureInfo.InvariantCulture, $"continuation-test-{i}"), new string('-', LongFieldOctets));
    }

    private static string? Last(IEnumerable<(string Name, string Value)> fields, string name) =>
        fields.LastOrDefault(field => field.Name == name) is { Value: { } value } ? value : null;

    private static Uri Url(string text)
    {
        if (text is ['-', ..])
            throw UserErrorException.Usage($"there is no option '{text}'; see `http2 get --help`");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "ws" or "wss"))
            throw UserErrorException.Usage($"'{text}' is not a URL that begins with http:// or https://");
        return url.Scheme is "ws" or "wss"
            ? new UriBuilder(url) { Scheme = url.Scheme == "ws" ? "http" : "https", Port = url.Port }.Uri
            : url;
    }

    private static Http2Priority Priority(string text)
    {
        var (urgency, isIncremental) = (new Http2Priority().Urgency, false);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part == "i")
                isIncremental = true;
            else if (part is ['u', '=', >= '0' and <= '7'])
                urgency = part[2] - '0';
            else
                throw Arguments.Wrong(GetCommand.Priority, text, "for example u=1 or u=5,i");
        }
        return new Http2Priority(urgency, isIncremental);
    }

    private static int InRange(int value, int least, int most, Option option) => value >= least && value <= most
        ? value
        : throw UserErrorException.Usage($"option {option.Name}: {value} is out of range; give {least} to {most}");
}
