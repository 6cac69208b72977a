using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Runs <c>http2 serve</c>: everything that can fail is tried before anything is started.</summary>
internal static class ServeRun
{
    // Handlers run on the threads of the event loops. The thread pool is left with reading files, and with responses that come later.
    private const int PoolThreads = 16;

    // How many descriptors the process must be allowed to open. The runtime keeps two open for each assembly that it has loaded, and when it
    // cannot open one, the process may end.
    private const int LeastDescriptors = 128;

    /// <summary>Serves until a signal.</summary>
    /// <exception cref="UserErrorException">It cannot be started.</exception>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        var connection = ConnectionOptions.Default;
        RequireDescriptors();
        TakeReserve();
        Http2Server? server = null;
        var site = MakeSite(options, connection, () => server!.Load);
        var bind = await ResolveAsync(options.Bind);
        using var signals = new StopSignals(ExitCode.Ok);
        // Standard output and standard error are written by threads of their own, so that the server does not wait for whoever reads them.
        using var output = new OutputQueue(Console.Out);
        using var errors = new OutputQueue(Console.Error);
        using var log = new ErrorLog(errors, TimeProvider.System);
        using var recording = options.RecordTo is null ? null : OpenRecording(options.RecordTo, log);
        var trace = options.Verbosity > 0 ? new TraceTap(output, options.Verbosity > 1, TerminalStyle.ForOutput()) : null;
        await using var serving = server = new Http2Server(
            new Http2ServerOptions
            {
                Endpoints = Endpoints(options, bind),
                Connection = connection,
                TrustGateway = options.TrustGateway,
                MaxRequestBodySize = options.MaxBody,
                LoggerFactory = log,
                FrameTap = TapOf(trace, recording),
            },
            site.AnswerAsync);
        try
        {
            await server.StartAsync();
        }
        catch (Http2ListenException error)
        {
            throw new UserErrorException($"{error.Message.TrimEnd('.')}; choose another with --port, --tls-port or --bind");
        }
        catch (Http2ShortageException error)
        {
            throw new UserErrorException(error.Message);
        }
        output.Write(string.Join('\n', server.Endpoints.Select(at => $"listening on {at.Uri.GetLeftPart(UriPartial.Authority)}")));
        if (options.Verbosity > 0)
            output.Write($"limits: {Http2ProcessLimits.Current}");
        await signals.First;
        await server.StopAsync(signals.Second);
        return ExitCode.Ok;
    }

    // This comes before anything takes descriptors, because later there may be none left for an error message.
    private static void RequireDescriptors()
    {
        if (Http2ProcessLimits.Current.Descriptors is < LeastDescriptors and var descriptors)
        {
            throw new UserErrorException(
                $"cannot serve: the process may open {descriptors} descriptors and needs {LeastDescriptors}; raise RLIMIT_NOFILE (ulimit -n)");
        }
    }

    private static void TakeReserve()
    {
        ResidentCompiler.Keep();
        Http2ProcessReserve.MakePoolThreads(PoolThreads);
        // Loads all assemblies that this one refers to, but for those that only other commands need.
        Http2ProcessReserve.LoadReferences(typeof(ServeRun).Assembly, "Http2.Conformance", "Spectre.Console");
        // Writes JSON once, so that the assemblies that are needed for that are loaded too.
        _ = LoadEndpoints.Allocated();
    }

    private static Http2FrameTap? TapOf(TraceTap? trace, RecordingTap? recording) =>
        trace is not null && recording is not null ? new TapPair(trace, recording) : (Http2FrameTap?)trace ?? recording;

    private static RecordingTap OpenRecording(string directory, ErrorLog log)
    {
        // Checked before the server starts, because otherwise only the first connection would find that nothing can be written.
        OutputFolder.Probe("--record", directory);
        Directory.CreateDirectory(directory);
        return new RecordingTap(directory, text => log.Warn("--record", text));
    }

    private static Site MakeSite(ServeOptions options, ConnectionOptions connection, Func<Http2ServerLoad> load)
    {
        Site site = options.Directory is { } directory ? new FileSite(new DocumentRoot(directory)) : new DemoSite(connection, load);
        if (options.Push.IsEmpty)
            return site;
        foreach (var path in options.Push.Resources.Where(path => !site.CanBePushed(path)))
        {
            throw new UserErrorException(options.Directory is null
                ? $"option --push: the demo has nothing to push at '{path}'; "
                    + "it can push /hello, /style.css, /demo.js, /big and /push/1 to /push/3"
                : $"option --push: there is no file for '{path}' in '{options.Directory}'; name one that exists");
        }
        return new PushingSite(site, options.Push);
    }

    private static List<Http2Endpoint> Endpoints(ServeOptions options, (string? Host, IPAddress? Address) bind)
    {
        var endpoints = new List<Http2Endpoint>(2);
        if (options.Port is { } port)
            endpoints.Add(new Http2Endpoint { Host = bind.Host, Port = port });
        if (options.TlsPort is { } tlsPort)
            endpoints.Add(new Http2Endpoint { Host = bind.Host, Port = tlsPort, Tls = MakeTls(options, bind.Address) });
        return endpoints;
    }

    private static Http2Tls MakeTls(ServeOptions options, IPAddress? bind)
    {
        if (options.CertPath is null)
            return SelfSignedCertificate.Create(bind, DateTimeOffset.UtcNow);
        var context = CertificateFiles.Load(options.CertPath, options.KeyPath!);
        return Http2Tls.From(new SslServerAuthenticationOptions { ServerCertificateContext = context }, $"--cert '{options.CertPath}'");
    }

    private static async Task<(string? Host, IPAddress? Address)> ResolveAsync(string bind)
    {
        var name = bind is ['[', .., ']'] ? bind[1..^1] : bind;
        if (name == "*")
            return (null, null);
        if (IPAddress.TryParse(name, out var address))
            return (name, address);
        try
        {
            var addresses = name.Length == 0 ? [] : await Dns.GetHostAddressesAsync(name);
            if (addresses.Length > 0)
                return (name, addresses[0]);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
        }
        throw new UserErrorException(
            $"option --bind: '{bind}' is neither an address nor a name that resolves; give for example 127.0.0.1, :: or *");
    }
}
