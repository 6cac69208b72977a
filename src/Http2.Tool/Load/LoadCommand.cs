using System.CommandLine;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 load</c>: what options there are. <see cref="LoadArguments"/> reads them.</summary>
internal static class LoadCommand
{
    public static readonly Argument<string[]> Urls = new("URL")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "What to ask for, one after the other by each client. All go to the scheme, host and port of the first.",
    };

    public static readonly Option<string?> Requests = Text("--requests", "-n", "N", "Requests in all; with --timing-script-file for each client. 1.");
    public static readonly Option<string?> Clients = Text("--clients", "-c", "N", "Clients, each with a connection. 1.");
    public static readonly Option<string?> Threads = Text("--threads", "-t", "N", "Threads that run the clients. 1.");
    public static readonly Option<string?> Streams = Text("--max-concurrent-streams", "-m", "N", "Requests that each client has open at most. 1.");

    public static readonly Option<string?> Duration =
        Text("--duration", "-D", "TIME", "Measure for so long, for example 10s, and not a number of requests.");

    public static readonly Option<string?> WarmUp = Text("--warm-up-time", null, "TIME", "Send requests for so long before it is measured; needs -D.");
    public static readonly Option<string?> InputFile = Text("--input-file", "-i", "FILE", "Take the URLs from the lines of a file; - is standard input.");

    public static readonly Option<string[]> Header = new("--header", "-H")
    {
        HelpName = "NAME: VALUE",
        Description = "A header field of every request; may be given more than once. :method, :scheme and :authority can be replaced.",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string?> Data = Text("--data", "-d", "FILE", "Send the file as the body of every request, with POST.");
    public static readonly Option<string?> WindowBits = Text("--window-bits", "-w", "N", "The window of a stream is 2^N-1 octets. 30.");

    public static readonly Option<string?> ConnectionWindowBits =
        Text("--connection-window-bits", "-W", "N", "The window of a connection is 2^N-1 octets. 30.");

    public static readonly Option<string?> MaxFrameSize = Text("--max-frame-size", "-f", "SIZE", "The largest frame that is taken. 16K.");
    public static readonly Option<string?> Rate = Text("--rate", "-r", "N", "Make so many connections in each --rate-period; not with -D.");
    public static readonly Option<string?> RatePeriod = Text("--rate-period", null, "TIME", "See --rate. 1s.");

    public static readonly Option<string?> RequestRate = Text(
        "--rps", null, "N", "Each client sends so many requests a second, however slow the server is; a request that has to wait is measured from when it was due.");

    public static readonly Option<string?> ActiveTimeout =
        Text("--connection-active-timeout", "-T", "TIME", "End a connection after so long; its requests count as timed out.");

    public static readonly Option<string?> InactivityTimeout =
        Text("--connection-inactivity-timeout", "-N", "TIME", "End a connection on which nothing happens for so long.");

    public static readonly Option<string?> TimingScript = Text(
        "--timing-script-file", null, "FILE", "Lines of milliseconds since the start, a tab, and a URL: when each client sends what. - is standard input.");

    public static readonly Option<string?> BaseUri =
        Text("--base-uri", "-B", "URL", "The scheme, host and port of all requests; or unix:PATH, a Unix domain socket to connect to.");

    public static readonly Option<string?> ConnectTo = Text("--connect-to", null, "HOST[:PORT]", "Connect there; requests still name the host of the URL.");
    public static readonly Option<string?> Sni = Text("--sni", null, "NAME", "The name of the server in the TLS handshake.");
    public static readonly Option<string?> HeaderTableSize = Text("--header-table-size", null, "SIZE", "The HPACK table of the decoder. 4K.");

    public static readonly Option<string?> EncoderHeaderTableSize =
        Text("--encoder-header-table-size", null, "SIZE", "What the encoder uses of the server's HPACK table. 4K.");

    public static readonly Option<string?> LogFile = Text(
        "--log-file", null, "FILE", "Write a line for each request: microseconds since 1970, status or -1, microseconds that it took, between tabs.");

    public static readonly Option<string?> Ciphers =
        Text("--ciphers", null, "LIST", "The TLS cipher suites, by the names of IANA or OpenSSL, with colons between them.");

    public static readonly Option<bool> Insecure = new("--insecure", "-k") { Description = "Take any certificate." };
    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say what becomes of connections." };
    public static readonly Option<bool> Json = new("--json") { Description = "Write the result as JSON." };

    public static readonly Option<bool> Grpc = new("--grpc")
    {
        Description = "Requests are calls of gRPC: the file of --data is the message, and a call succeeds when its grpc-status is 0.",
    };

    public static readonly Option<string?> Cancel = Text(
        "--cancel", null, "PERCENT", "Cancel so many of the requests: a third each at once, at the head of the response, and in its body.");

    public static readonly Option<string?> SlowRead = Text(
        "--slow-read", null, "SIZE", "Each client reads so many octets of bodies a second; windows are 64K then, unless -w and -W say otherwise.");

    public static readonly Option<string?> RecordFailures = Text(
        "--record-failures", null, "DIR", "Write a recording of every connection on which a request failed into DIR, for `http2 replay`.");

    public static readonly Option<string?> Compare = Text(
        "--compare", null, "BASE.json", "Compare with what --json wrote earlier; exit with 3 when it is worse.");

    public static readonly Option<string?> Tolerance = Text("--tolerance", null, "PERCENT", "How much worse is not worse. 10.");

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("load", """
            Load a server over HTTP/2 and measure it: https:// speaks TLS with ALPN h2, http:// cleartext with prior knowledge.

            SIZE takes K, M and G, TIME takes h, m, s and ms; without a unit it is seconds. SIGINT ends the run and shows what was measured.
            Exit codes: 0 all requests succeeded, 1 some did not, 2 wrong command line, 3 worse than --compare allows.
            """)
        {
            Urls, Requests, Clients, Threads, Streams, Duration, WarmUp, InputFile, Header, Data, WindowBits, ConnectionWindowBits, MaxFrameSize, Rate,
            RatePeriod, RequestRate, ActiveTimeout, InactivityTimeout, TimingScript, BaseUri, ConnectTo, Sni, HeaderTableSize, EncoderHeaderTableSize,
            LogFile, Ciphers, Insecure, Verbose, Json, Grpc, Cancel, SlowRead, RecordFailures, Compare, Tolerance,
        };
        command.SetAction((parsed, _) => LoadRun.RunAsync(LoadArguments.Read(parsed)));
        return command;
    }

    private static Option<string?> Text(string name, string? alias, string value, string description) => alias is null
        ? new Option<string?>(name) { HelpName = value, Description = description }
        : new Option<string?>(name, alias) { HelpName = value, Description = description };
}
