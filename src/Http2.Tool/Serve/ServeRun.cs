using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Runs <c>http2 serve</c>: everything that can fail is tried before anything is started.</summary>
internal static class ServeRun
{
    // Handlers run on threads of the server's own. What is left for the pool: reading files, and answers that come later.
    private const int PoolThreads = 16;

    /// <summary>Serves until a signal.</summary>
    /// <exception cref="UserErrorException">It cannot be started.</exception>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        var connection = ConnectionOptions.Default;
        TakeReserve();
        Http2Server? server = null;
        var site = MakeSite(options, connection, () => server!.Load);
        var bind = await ResolveAsync(options.Bind);
        using var signals = new StopSignals();
        await using var trace = options.Verbosity > 0 ? new TraceOutput(Console.Out) : null;
        using var recording = options.RecordTo is null ? null : OpenRecording(options.RecordTo);
        await using var serving = server = new Http2Server(
            new Http2ServerOptions
            {
                Endpoints = Endpoints(options, bind),
                Connection = connection,
                LoggerFactory = new ErrorLog(Console.Error),
                FrameTap = TapOf(
                    trace is null ? null : new TraceTap(trace, options.Verbosity > 1, TerminalStyle.ForOutput()), recording),
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
        foreach (var endpoint in server.EndPoints)
            Console.WriteLine($"listening on {endpoint.Uri.GetLeftPart(UriPartial.Authority)}");
        if (options.Verbosity > 0)
            Console.WriteLine($"limits: {Http2ProcessLimits.Current}");
        await Console.Out.FlushAsync();
        await signals.First;
        await server.StopAsync(signals.Second);
        return ExitCode.Ok;
    }

    private static void TakeReserve()
    {
        Http2ProcessReserve.MakePoolThreads(PoolThreads);
        // what only other commands need apart
        Http2ProcessReserve.LoadReferences(typeof(ServeRun).Assembly, "Http2.Conformance", "Spectre.Console");
        // and what writing JSON needs in turn
        _ = LoadEndpoints.Allocated();
    }

    private static Http2FrameTap? TapOf(TraceTap? trace, RecordingTap? recording) =>
        trace is not null && recording is not null ? new TapPair(trace, recording) : (Http2FrameTap?)trace ?? recording;

    private static RecordingTap OpenRecording(string directory)
    {
        // else the first connection would be the one to learn that nothing can be written
        OutputFolder.Probe("--record", directory);
        Directory.CreateDirectory(directory);
        return new RecordingTap(directory);
    }

    private static Site MakeSite(ServeOptions options, ConnectionOptions connection, Func<Http2ServerLoad> load)
    {
        Site site = options.Directory is { } directory ? new FileSite(new DocumentRoot(directory)) : new DemoSite(connection, load);
        if (options.Push.IsEmpty)
            return site;
        foreach (var path in options.Push.Resources.Where(path => site.Pushable(path) is null))
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
        WarnOfDates(options.CertPath, context.TargetCertificate);
        return new SslServerAuthenticationOptions { ServerCertificateContext = context };
    }

    // It still serves: what a client makes of the dates is the client's decision.
    private static void WarnOfDates(string path, X509Certificate2 certificate)
    {
        var now = DateTime.Now;
        var problem = now > certificate.NotAfter ? $"expired on {certificate.NotAfter:yyyy-MM-dd}"
            : now < certificate.NotBefore ? $"is valid only from {certificate.NotBefore:yyyy-MM-dd}"
            : null;
        if (problem is not null)
            Console.Error.WriteLine($"http2: warning: --cert '{path}' {problem}; clients will refuse it");
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
