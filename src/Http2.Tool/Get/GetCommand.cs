using System.CommandLine;
using System.CommandLine.Parsing;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 get</c>.</summary>
internal static class GetCommand
{
    private static readonly Argument<string[]> Urls = new("URL")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "What to ask for: https:// speaks TLS with ALPN h2, http:// cleartext with prior knowledge. Addresses of one server share a "
            + "connection.",
    };

    private static readonly Option<bool> Verbose = Flag("--verbose", "-v", "Show every frame, and the settings of both ends.");
    private static readonly Option<bool> NullOut = Flag("--null-out", "-n", "Throw bodies away.");

    private static readonly Option<bool> RemoteName =
        Flag("--remote-name", "-O", "Write each body to a file named like the last part of its URL (index.html when there is none).");

    private static readonly Option<string[]> Header = new("--header", "-H")
    {
        HelpName = "NAME: VALUE", Description = "A header field of every request; may be given more than once.", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Method = Text("--method", "-X", "METHOD", "The method; GET, or POST with --data.");
    private static readonly Option<string?> Data = Text("--data", "-d", "FILE", "Send the file as the body of every request; - is standard input.");

    private static readonly Option<int> Multiply = new("--multiply", "-m")
    {
        HelpName = "N", Description = "Ask for each URL so many times, all at once.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Insecure = Flag("--insecure", "-k", "Take any certificate.");

    private static readonly Option<int> Ping = new("--ping")
    {
        HelpName = "N", Description = "Send so many PINGs behind the requests and show the round-trip times.",
    };

    private static readonly Option<bool> Json =
        Flag("--json", "--json", "Show lines of JSON instead of bodies: one for each response, and with -v one for each frame.");

    private static readonly Option<string?> Record = Text(
        "--record", "--record", "DIR", "Write a recording of every connection into DIR, for `http2 replay`. Recordings hold all that was said.");

    private static readonly Option<int?> Expect = new("--expect")
    {
        HelpName = "STATUS", Description = "Exit with 1 unless every response has this status.",
    };

    private static readonly Option<string?> Unix = Text("--unix", "--unix", "PATH", "Connect to a Unix domain socket instead of the host of the URL.");

    private static readonly Option<double> Timeout = new("--timeout", "-t")
    {
        HelpName = "SECONDS", Description = "How long connecting, and the head of each response, may take.", DefaultValueFactory = _ => 30,
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("get", """
            Ask for URLs over HTTP/2 and write the bodies to standard output.

            Exit codes: 0 every response came (and had the expected status), 1 one did not, 2 wrong command line.
            """)
        {
            Urls, Verbose, NullOut, RemoteName, Header, Method, Data, Multiply, Insecure, Ping, Json, Record, Expect, Unix, Timeout,
        };
        command.SetAction((parsed, cancellation) => GetRun.RunAsync(Read(parsed), Console.OpenStandardOutput(), cancellation));
        return command;
    }

    /// <summary>Reads the options of a parsed command line.</summary>
    /// <exception cref="UserErrorException">Options contradict each other or are malformed.</exception>
    public static GetOptions Read(ParseResult parsed)
    {
        var (nullOut, remoteName) = (parsed.GetValue(NullOut), parsed.GetValue(RemoteName));
        if (nullOut && remoteName)
            throw UserErrorException.Usage("--null-out and --remote-name contradict each other; drop one of them");
        return new GetOptions
        {
            Urls = [.. parsed.GetValue(Urls)!.Select(Url)],
            Method = parsed.GetValue(Method),
            Headers = [.. parsed.GetValue(Header)!.Select(Field)],
            DataPath = parsed.GetValue(Data),
            Times = InRange(parsed.GetValue(Multiply), 1, 1_000_000, "--multiply"),
            DiscardsBodies = nullOut,
            SavesBodies = remoteName,
            ShowsFrames = parsed.GetValue(Verbose),
            IsJson = parsed.GetValue(Json),
            IsInsecure = parsed.GetValue(Insecure),
            Pings = InRange(parsed.GetValue(Ping), 0, 1_000_000, "--ping"),
            RecordTo = parsed.GetValue(Record),
            ExpectedStatus = parsed.GetValue(Expect) is { } status ? InRange(status, 200, 999, "--expect") : null,
            UnixSocketPath = parsed.GetValue(Unix),
            Timeout = parsed.GetValue(Timeout) is > 0 and <= 86400 and var seconds
                ? TimeSpan.FromSeconds(seconds)
                : throw UserErrorException.Usage("option --timeout: give seconds, more than 0 and at most 86400"),
        };
    }

    private static Uri Url(string text)
    {
        if (text is ['-', ..])
            throw UserErrorException.Usage($"there is no option '{text}'; see `http2 get --help`");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw UserErrorException.Usage($"'{text}' is not a URL that begins with http:// or https://");
    }

    // A name may begin with a colon in other tools, for pseudo-fields; here these have options of their own.
    private static (string Name, string Value) Field(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0
            ? (text[..colon].Trim(), text[(colon + 1)..].Trim())
            : throw UserErrorException.Usage($"option --header: '{text}' is not a field; give NAME: VALUE");
    }

    private static int InRange(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw UserErrorException.Usage($"option {option}: {value} is out of range; give {least} to {most}");

    private static Option<bool> Flag(string name, string alias, string description) =>
        name == alias ? new Option<bool>(name) { Description = description } : new Option<bool>(name, alias) { Description = description };

    private static Option<string?> Text(string name, string alias, string value, string description) => name == alias
        ? new Option<string?>(name) { HelpName = value, Description = description }
        : new Option<string?>(name, alias) { HelpName = value, Description = description };
}
