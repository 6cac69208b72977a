using System.CommandLine;
using System.CommandLine.Parsing;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 spec</c>: h2spec's flags, and ours.</summary>
internal static class SpecCommand
{
    private static readonly Argument<string[]> Words = new("HOST:PORT | CASES")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The server to judge, and which cases: a group (hpack), a section with all below it (http2/6.5) or an identifier "
            + "(http2/6.5.3/1). Without cases all but the abuse group run; see --list.",
    };

    private static readonly Option<string> Host = new("--host", "-h")
    {
        HelpName = "HOST", Description = "The server's name or address.", DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<int?> Port = Optional("--port", "-p", "PORT",
        "The server's port; 443 with --tls and 80 without, unless given.", 65535);

    private static readonly Option<string?> Unix = Text("--unix", "PATH", "Connect to a Unix-domain socket instead.");

    private static readonly Option<string> RequestPath = new("--path", "-P")
    {
        HelpName = "PATH", Description = "What requests ask for; its response should have a body of five octets or more.",
            DefaultValueFactory = _ => "/",
    };

    private static readonly Option<bool> Tls = Flag("--tls", "-t", "Speak TLS with ALPN h2.");
    private static readonly Option<bool> Insecure = Flag("--insecure", "-k", "Take any certificate.");
    private static readonly Option<string?> Sni = Text("--sni", "NAME", "The server name to send and to check the certificate against.");

    private static readonly Option<string?> Ciphers = new("--ciphers", "-c")
    {
        HelpName = "NAMES", Description = "The TLS cipher suites to offer: IANA names with colons between.",
    };

    private static readonly Option<bool> Strict = Flag("--strict", "-S", "Ask for what the RFCs only recommend, too.");

    private static readonly Option<double> Timeout = new("--timeout", "-o")
    {
        HelpName = "SECONDS", Description = "How long to wait for the server.", DefaultValueFactory = _ => 2,
    };

    private static readonly Option<int> MaxHeaderLength =
        Number("--max-header-length", "OCTETS", "The length of dummy header values.", 4000, 1, 16000);
    private static readonly Option<string?> Spec =
        Text("--spec", "EDITION", "Only what this edition asks for: rfc7540 or rfc9113. Default: both.");
    private static readonly Option<string[]> Exclude = Texts("--exclude", "CASES", "Leave these cases out; may be given more than once.");

    private static readonly Option<string?> ExpectFailures = Text(
        "--expect-failures", "FILE",
        "Cases that are known to fail, one a line, # begins a comment. A listed case that passes is reported.");

    private static readonly Option<int> Repeat = Number("--repeat", "N", "Run everything so many times.", 1, 1, 1_000_000);
    private static readonly Option<int> Parallel = Number("--parallel", "N", "Run so many cases at once.", 1, 1, 64);
    private static readonly Option<int> Seed = Number("--seed", "N", "What random octets are derived from.", 1, 0, int.MaxValue);
    private static readonly Option<bool> FailFast = Flag("--fail-fast", null, "Stop at the first failure.");
    private static readonly Option<string?> Exec = Text(
        "--exec", "COMMAND",
        "Start the server, wait for its port, stop it afterwards. {port} in the command becomes a free port; then the cases that stop "
        + "their server run, too.");
    private static readonly Option<string?> Client = Text(
        "--client", "COMMAND",
        "Judge a client instead: the command is started for each case, with the address of a server that the case plays for {url}. It is to "
        + "write the body out, and to end with 0 if and only if the response came. {ca} is a file with the server's certificate (with --tls).");

    private static readonly Option<string?> ClientUpload = Text(
        "--client-upload", "COMMAND", "The client for the cases that need an upload: a POST of {file} to {url}.");

    private static readonly Option<string?> ClientSeveral = Text(
        "--client-several", "COMMAND",
        "The client for the cases that need several requests: {urls}, or {url1} to {url3}, at the same time on one connection.");

    private static readonly Option<int?> Pid = Optional("--pid", null, "PID",
        "The server's process, for the memory and CPU bars of the abuse group.", int.MaxValue);

    private static readonly Option<bool> NoLatency =
        Flag("--no-latency", null, "Do not judge how fast other clients are answered during attacks.");

    private static readonly Option<string?> Profile = Text(
        "--profile", "NAME", "demo: the server is `http2 serve`, which has what every case needs (see --resource).");

    private static readonly Option<string[]> Resources = Texts(
        "--resource", "NAME=PATH",
        "Where the server has what some cases need: large, echo, upload, slow, push, trailers, informational, nocontent, "
        + "notmodified, headers, load; may be given more than once.");

    private static readonly Option<bool> List = Flag("--list", null, "List the cases and run nothing; as JSON with --json.");
    private static readonly Option<bool> DryRun = Flag("--dryrun", null, "Show the tree of the cases and run nothing.");
    private static readonly Option<bool> Verbose = Flag("--verbose", "-v", "Show the frames of every case.");
    private static readonly Option<string?> JUnit = new("--junit-report", "-j") { HelpName = "FILE", Description = "Write JUnit XML." };
    private static readonly Option<string?> Json = Text("--json", "FILE", "Write JSON; - is the standard output.");
    private static readonly Option<string?> Markdown = Text("--markdown", "FILE", "Write Markdown.");
    private static readonly Option<string?> Html = Text("--html", "FILE", "Write an HTML page that needs nothing else.");

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("spec", """
            Judge an HTTP/2 server: every h2spec case, and the rules that h2spec never tests. Or judge a client (--client).

            Examples: http2 spec localhost:8080
                      http2 spec localhost:8443 -t -k http2/6.5 hpack
                      http2 spec --exec 'http2 serve --port {port} --no-tls' --profile demo --strict --html report.html
                      http2 spec --client 'curl -sS --http2-prior-knowledge {url}' client-push
            Exit codes: 0 clean, 1 failures or unexpected passes, 2 wrong command line or nothing matched, 3 server or client not to be reached.
            """);
        command.Arguments.Add(Words);
        foreach (var option in Options())
            command.Options.Add(option);
        command.SetAction((parsed, cancellation) => SpecRun.ExecuteAsync(Bind(parsed), cancellation));
        return command;
    }

    /// <summary>The settings that a command line asks for.</summary>
    public static SpecSettings Bind(ParseResult parsed)
    {
        var (host, port, selectors) = SpecWords.Split(parsed.GetValue(Words) ?? []);
        var tls = parsed.GetValue(Tls);
        return new SpecSettings
        {
            Host = host ?? parsed.GetValue(Host)!,
            Port = port ?? parsed.GetValue(Port) ?? (tls ? 443 : 80),
            UnixSocketPath = parsed.GetValue(Unix),
            Path = parsed.GetValue(RequestPath)!,
            Tls = tls,
            Insecure = parsed.GetValue(Insecure),
            ServerName = parsed.GetValue(Sni),
            Ciphers = SpecWords.Ciphers(parsed.GetValue(Ciphers)),
            Strict = parsed.GetValue(Strict),
            Timeout = SpecWords.Seconds(parsed.GetValue(Timeout)),
            MaxHeaderLength = parsed.GetValue(MaxHeaderLength),
            Edition = SpecWords.EditionOf(parsed.GetValue(Spec)),
            Selectors = selectors,
            Excludes = [.. parsed.GetValue(Exclude) ?? []],
            ExpectFailuresFile = parsed.GetValue(ExpectFailures),
            Repeat = parsed.GetValue(Repeat),
            Parallel = parsed.GetValue(Parallel),
            Seed = parsed.GetValue(Seed),
            FailFast = parsed.GetValue(FailFast),
            Exec = parsed.GetValue(Exec),
            Client = SpecWords.ClientOf(parsed.GetValue(Client), parsed.GetValue(ClientUpload), parsed.GetValue(ClientSeveral)),
            ProcessId = parsed.GetValue(Pid),
            JudgeLatency = !parsed.GetValue(NoLatency),
            Resources = SpecWords.ResourcesOf(parsed.GetValue(Profile), parsed.GetValue(Resources) ?? []),
            List = parsed.GetValue(List),
            DryRun = parsed.GetValue(DryRun),
            Verbose = parsed.GetValue(Verbose),
            JUnitFile = parsed.GetValue(JUnit),
            JsonFile = parsed.GetValue(Json),
            MarkdownFile = parsed.GetValue(Markdown),
            HtmlFile = parsed.GetValue(Html),
        };
    }

    private static Option[] Options() =>
    [
        Host, Port, Unix, RequestPath, Tls, Insecure, Sni, Ciphers, Strict, Timeout, MaxHeaderLength, Spec, Exclude, ExpectFailures, Repeat,
        Parallel, Seed, FailFast, Exec, Client, ClientUpload, ClientSeveral, Pid, NoLatency, Profile, Resources, List, DryRun, Verbose, JUnit, Json,
        Markdown, Html,
    ];

    private static Option<bool> Flag(string name, string? alias, string description) =>
        alias is null ? new(name) { Description = description } : new(name, alias) { Description = description };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => [] };

    private static Option<int> Number(string name, string value, string description, int @default, int min, int max)
    {
        var option = new Option<int>(name) { HelpName = value, Description = description, DefaultValueFactory = _ => @default };
        Bound(option, min, max);
        return option;
    }

    private static Option<int?> Optional(string name, string? alias, string value, string description, int max)
    {
        var option = alias is null ? new Option<int?>(name) : new Option<int?>(name, alias);
        option.HelpName = value;
        option.Description = description;
        Bound(option, 1, max);
        return option;
    }

    private static void Bound(Option option, int min, int max) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[^1].Value, out var number) || number < min || number > max))
            result.AddError($"{option.Name} is a number from {min} to {max}, not '{result.Tokens[^1].Value}'");
    });
}
