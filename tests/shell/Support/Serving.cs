using System.Net;
using System.Net.Security;
using Http2.Shell;
using Microsoft.Extensions.Logging;

namespace Http2.Shell.Tests;

/// <summary>A started server on loopback with clients for it; everything is gone at the end of the test.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private readonly List<IDisposable> _clients = [];

    private Serving(Http2Server server, TestLog log) => (Server, Log) = (server, log);

    public Http2Server Server { get; }

    public TestLog Log { get; }

    public Uri Uri => Server.Endpoints[0].Uri;

    public static Http2ServerOptions Loopback { get; } = new() { Host = "127.0.0.1", DrainTimeout = TimeSpan.FromSeconds(5) };

    public static Task<Serving> StartAsync<THandler>(Http2ServerOptions? options = null)
        where THandler : Http2RequestHandler, new() => StartAsync(() => new THandler(), options);

    public static async Task<Serving> StartAsync(Func<Http2RequestHandler> factory, Http2ServerOptions? options = null)
    {
        var log = new TestLog();
        return await StartAsync(new Http2Server((options ?? Loopback) with { LoggerFactory = log }, factory), log);
    }

    public static async Task<Serving> StartAsync(
        Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler, Http2ServerOptions? options = null)
    {
        var log = new TestLog();
        return await StartAsync(new Http2Server((options ?? Loopback) with { LoggerFactory = log }, handler), log);
    }

    /// <summary>An HTTP/2 client; each has its own connection.</summary>
    public HttpClient Client(Action<SocketsHttpHandler>? configure = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
            UseProxy = false,
        };
        configure?.Invoke(handler);
        var client = new HttpClient(handler)
        {
            BaseAddress = Uri,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience.Time,
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>Waits until the server has given everything back, once all clients have left.</summary>
    public async Task NothingIsHeldAsync()
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (Server.Load != default && !late.IsCancellationRequested)
            await Task.Delay(5);
        Xunit.Assert.Equal(default, Server.Load);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await Server.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
    }

    private static async Task<Serving> StartAsync(Http2Server server, TestLog log)
    {
        await server.StartAsync();
        return new Serving(server, log);
    }
}

/// <summary>How long a test waits for what must come; only a failing test waits so long.</summary>
internal static class Patience
{
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Time);

    public static Task Soon(this Task task) => task.WaitAsync(Time);
}

/// <summary>Keeps what the server logged.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<(LogLevel Level, int Event, string Text)> _lines = new();

    public IEnumerable<(LogLevel Level, int Event, string Text)> Lines => _lines;

    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Text);

    /// <summary>Waits until something was logged: lines come after what a client sees of their cause, as a logger must not hold up others.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="count">How many of its lines there must be.</param>
    /// <returns>The text of its last line.</returns>
    public async Task<string> SeeAsync(int eventId, int count = 1)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Yield())
        {
            var seen = _lines.Where(line => line.Event == eventId).ToList();
            if (seen.Count >= count)
                return seen[^1].Text;
            if (watch.Elapsed > Patience.Time)
                throw new TimeoutException($"{seen.Count} of {count} lines of event {eventId} were logged: {string.Join('\n', _lines)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, eventId.Id, formatter(state, exception) + (exception is null ? "" : $" | {exception}")));

    public void Dispose()
    {
    }
}
