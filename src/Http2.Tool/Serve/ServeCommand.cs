using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 serve</c>.</summary>
internal static class ServeCommand
{
    private static readonly Argument<string?> Directory = new("DIR")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The directory to serve, with index.html, ranges and conditional requests; files whose names begin with a dot are "
            + "served too, links only when they stay inside. Without it a demo is served.",
    };

    private static readonly Option<int> Port = PortOption("--port", 8080, "The cleartext port (prior knowledge); 0 picks a free one.");

    private static readonly Option<int> TlsPort = PortOption("--tls-port", 8443, "The TLS port (ALPN h2); 0 picks a free one.");

    private static readonly Option<string> Bind = new("--bind")
    {
        HelpName = "ADDRESS",
        Description = "The IPv4 or IPv6 address or the host name to listen on; * is every interface.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<bool> NoTls = new("--no-tls") { Description = "Do not listen for TLS." };

    private static readonly Option<bool> NoCleartext = new("--no-cleartext") { Description = "Do not listen for cleartext." };

    private static readonly Option<string?> Cert = new("--cert")
    {
        HelpName = "PEM",
        Description = "The certificate, followed by its intermediates; needs --key. Without it a self-signed one is made at start.",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        HelpName = "PEM",
        Description = "The private key of --cert, unencrypted.",
    };

    private static readonly Option<string[]> Push = new("--push")
    {
        HelpName = "PATH=URL[,URL]",
        Description = "Push the URLs (paths of this server) with each response for PATH; may be given more than once.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Record = new("--record")
    {
        HelpName = "DIR",
        Description = "Write a recording of every connection into DIR, for `http2 replay`. Recordings hold all that was said, secrets too.",
    };

    private static readonly Option<long?> MaxBody = new("--max-body")
    {
        HelpName = "OCTETS",
        Description = "The most octets that the body of a request may have; a larger one gets 413. Without it there is no limit.",
        CustomParser = ParseOctets,
    };

    private static readonly Option<bool> TrustGateway = new("--trust-gateway")
    {
        Description = "Take requests for any scheme and host: a gateway that is trusted, such as HAProxy or Envoy, forwards them.",
    };

    private static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Arity = ArgumentArity.Zero,
        Description = "The limits of the process at start, and a line for each request; given twice, every frame as well.",
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("serve", """
            Serve a directory, or a demo, over HTTP/2: cleartext with prior knowledge and TLS with ALPN h2.

            SIGINT or SIGTERM drains: running requests end, new ones are refused; a second signal ends at once.
            Exit codes: 0 stopped by a signal, 1 could not start, 2 wrong command line.
            """)
        {
            Directory, Port, Bind, TlsPort, NoTls, NoCleartext, Cert, Key, Push, Record, MaxBody, TrustGateway, Verbose,
        };
        command.SetAction((parsed, _) => ServeRun.RunAsync(Read(parsed)));
        return command;
    }

    /// <summary>Reads the options of a parsed command line.</summary>
    /// <exception cref="UserErrorException">Options contradict each other or are malformed.</exception>
    public static ServeOptions Read(ParseResult parsed)
    {
        var (noTls, noCleartext) = (parsed.GetValue(NoTls), parsed.GetValue(NoCleartext));
        var (cert, key) = (parsed.GetValue(Cert), parsed.GetValue(Key));
        if (parsed.GetValue(Directory) is ['-', ..] mistaken)
            throw UserErrorException.Usage(
                $"there is no option '{mistaken}'; see `http2 serve --help` (a directory of that name is ./{mistaken})");
        if (noTls && noCleartext)
            throw UserErrorException.Usage("--no-tls and --no-cleartext leave nothing to listen on; drop one of them");
        if (cert is null != key is null)
            throw UserErrorException.Usage(cert is null ? "--key needs --cert; give both" : "--cert needs --key; give both");
        if (noTls && cert is not null)
            throw UserErrorException.Usage("--cert has no use with --no-tls; drop one of them");
        var (port, tlsPort) = (noCleartext ? (int?)null : parsed.GetValue(Port), noTls ? (int?)null : parsed.GetValue(TlsPort));
        if (port is > 0 && port == tlsPort)
            throw UserErrorException.Usage($"--port and --tls-port are both {port}; give two different ports");
        return new ServeOptions
        {
            Directory = parsed.GetValue(Directory),
            Bind = parsed.GetValue(Bind)!,
            Port = port,
            TlsPort = tlsPort,
            CertPath = cert,
            KeyPath = key,
            Push = PushRules.Parse(parsed.GetValue(Push) ?? []),
            TrustGateway = parsed.GetValue(TrustGateway),
            RecordTo = parsed.GetValue(Record),
            MaxBody = parsed.GetValue(MaxBody),
            Verbosity = parsed.GetResult(Verbose)?.IdentifierTokenCount ?? 0,
        };
    }

    private static Option<int> PortOption(string name, int fallback, string description) => new(name)
    {
        HelpName = "PORT",
        Description = description,
        DefaultValueFactory = _ => fallback,
        CustomParser = argument => ParsePort(name, argument),
    };

    private static long? ParseOctets(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var octets))
            return octets;
        argument.AddError($"option --max-body: '{text}' is not a number of octets; give for example 30000000");
        return null;
    }

    private static int ParsePort(string name, ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
            return port;
        argument.AddError($"option {name}: '{text}' is not a port; give a number from 0 to 65535 (0 picks a free one)");
        return 0;
    }
}
