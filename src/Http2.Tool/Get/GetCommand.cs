using System.CommandLine;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 get</c>: what options there are. <see cref="GetArguments"/> reads them.</summary>
internal static class GetCommand
{
    public static readonly Argument<string[]> Urls = new("URL")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "What to ask for: https:// speaks TLS with ALPN h2, http:// cleartext with prior knowledge. Addresses of one server share a "
            + "connection.",
    };

    public static readonly Option<bool> Verbose = Flag("--verbose", "-v", "Show every frame, and the settings of both ends.");
    public static readonly Option<bool> NullOut = Flag("--null-out", "-n", "Throw bodies away.");

    public static readonly Option<bool> RemoteName =
        Flag("--remote-name", "-O", "Write each body to a file named like the last part of its URL (index.html when there is none).");

    public static readonly Option<bool> Statistics = Flag("--stat", "-s", "Show when each response came and how large it is.");

    public static readonly Option<string[]> Header = new("--header", "-H")
    {
        HelpName = "NAME: VALUE",
        Description = "A header field of every request; may be given more than once. :method, :scheme and :authority can be replaced.",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<string[]> Trailer = new("--trailer")
    {
        HelpName = "NAME: VALUE", Description = "A trailer field of every request; may be given more than once.", DefaultValueFactory = _ => [],
    };

    public static readonly Option<string?> Method = Text("--method", "-X", "METHOD", "The method; GET, or POST with --data.");
    public static readonly Option<string?> Data = Text("--data", "-d", "FILE", "Send the file as the body of every request; - is standard input.");
    public static readonly Option<bool> NoContentLength = Flag("--no-content-length", null, "Do not say how long the body of a request is.");
    public static readonly Option<bool> ExpectContinue = Flag("--expect-continue", null, "Wait for 100 (Continue) before the body of a request is sent.");
    public static readonly Option<string?> Priority = Text("--priority", null, "u=N,i", "The priority of the responses (RFC 9218): urgency 0 to 7, incremental.");
    public static readonly Option<bool> Continuation = Flag("--continuation", null, "Send so many fields that their block needs CONTINUATION.");

    public static readonly Option<int> Multiply = new("--multiply", "-m")
    {
        HelpName = "N", Description = "Ask for each URL so many times, all at once.", DefaultValueFactory = _ => 1,
    };

    public static readonly Option<int> Ping = new("--ping")
    {
        HelpName = "N", Description = "Send so many PINGs behind the requests and show the round-trip times.",
    };

    public static readonly Option<bool> WebSocket = Flag(
        "--ws", null, "Open a WebSocket (RFC 8441): each line of standard input is a message, and each message that comes a line.");

    public static readonly Option<string?> Connect = Text(
        "--connect", null, "HOST:PORT", "Have the server, a proxy, open a tunnel: standard input goes in, what comes out to standard output.");

    public static readonly Option<int?> Expect = new("--expect")
    {
        HelpName = "STATUS", Description = "Exit with 1 unless every response has this status.",
    };

    public static readonly Option<bool> Json =
        Flag("--json", null, "Show lines of JSON instead of bodies: one for each response, and with -v one for each frame.");

    public static readonly Option<string?> Har = Text(
        "--har", "-r", "FILE", "Write the exchanges and their frames as HAR, which browsers and viewers read; - is standard output.");

    public static readonly Option<string?> Record = Text(
        "--record", null, "DIR", "Write a recording of every connection into DIR, for `http2 replay`. Recordings hold all that was said.");

    public static readonly Option<bool> HexDump = Flag("--hexdump", null, "Show every octet that comes, before TLS.");
    public static readonly Option<bool> Color = Flag("--color", null, "Use colours although the output is no terminal.");
    public static readonly Option<bool> Insecure = Flag("--insecure", "-k", "Take any certificate.");
    public static readonly Option<string?> Cert = Text("--cert", null, "PEM", "The certificate that the client shows; needs --key.");
    public static readonly Option<string?> Key = Text("--key", null, "PEM", "The private key of --cert, unencrypted.");
    public static readonly Option<string?> Unix = Text("--unix", null, "PATH", "Connect to a Unix domain socket instead of the host of the URL.");
    public static readonly Option<string?> ConnectTo = Text("--connect-to", null, "HOST[:PORT]", "Connect there; requests still name the host of the URL.");
    public static readonly Option<string?> WindowBits = Text("--window-bits", "-w", "N", "The window of a stream is 2^N-1 octets.");
    public static readonly Option<string?> ConnectionWindowBits = Text("--connection-window-bits", "-W", "N", "The window of the connection is 2^N-1 octets.");
    public static readonly Option<string?> HeaderTableSize = Text("--header-table-size", "-c", "SIZE", "The HPACK table of the decoder. 4K.");

    public static readonly Option<string?> EncoderHeaderTableSize =
        Text("--encoder-header-table-size", null, "SIZE", "What the encoder uses of the server's HPACK table. 4K.");

    public static readonly Option<bool> NoPush = Flag("--no-push", null, "Take no pushes; else they are shown like other responses.");
    public static readonly Option<string?> MaxStreams = Text("--max-concurrent-streams", null, "N", "How many pushes may be open. 100.");

    public static readonly Option<string?> Timeout =
        Text("--timeout", "-t", "TIME", "How long connecting, and the head of each response, may take, for example 500ms. 30s.");

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("get", """
            Ask for URLs over HTTP/2 and write the bodies to standard output.

            SIZE takes K, M and G, TIME takes h, m, s and ms; without a unit it is seconds.
            Exit codes: 0 every response came (and had the expected status), 1 one did not, 2 wrong command line.
            """)
        {
            Urls, Verbose, NullOut, RemoteName, Statistics, Header, Trailer, Method, Data, NoContentLength, ExpectContinue, Priority, Continuation, Multiply,
            Ping, WebSocket, Connect, Expect, Json, Har, Record, HexDump, Color, Insecure, Cert, Key, Unix, ConnectTo, WindowBits, ConnectionWindowBits,
            HeaderTableSize, EncoderHeaderTableSize, NoPush, MaxStreams, Timeout,
        };
        command.SetAction((parsed, cancellation) => GetRun.RunAsync(GetArguments.Read(parsed), Console.OpenStandardOutput(), cancellation));
        return command;
    }

    private static Option<bool> Flag(string name, string? alias, string description) => alias is null
        ? new Option<bool>(name) { Description = description }
        : new Option<bool>(name, alias) { Description = description };

    private static Option<string?> Text(string name, string? alias, string value, string description) => alias is null
        ? new Option<string?>(name) { HelpName = value, Description = description }
        : new Option<string?>(name, alias) { HelpName = value, Description = description };
}
