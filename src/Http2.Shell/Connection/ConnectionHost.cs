using System.Runtime.Versioning;
using Hpack.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>What all connections of a server share. Thread-safe.</summary>
internal sealed class ConnectionHost
{
    private readonly CancellationTokenSource _stopping = new();
    private long _lastConnection;
    private int _tapFailed;

    public ConnectionHost(Http2ServerOptions options, Func<Http2Exchange> exchanges)
    {
        Options = options;
        Exchanges = exchanges;
        var standardError = new StandardErrorLog(TimeProvider.System, static () => Console.Error);
        Logger = options.LoggerFactory == NullLoggerFactory.Instance
            ? standardError
            : new GuardedLogger(options.LoggerFactory.CreateLogger("Http2.Shell.Http2Server"), standardError);
        Time = GuardedTime.Of(options.TimeProvider, failure => Log.TimeFailed(Logger, failure));
        Clock = new Clock(Time);
        Drain = new Drain(Connections);
        Server = options.ServerHeader is { } name ? OutboundFields.Normalise(("server", name)) : null;
    }

    public Http2ServerOptions Options { get; }

    /// <summary>Makes what handles a stream.</summary>
    public Func<Http2Exchange> Exchanges { get; }

    /// <summary>The delegate that answers requests, when exchanges are <see cref="Http2Request"/>. They need not carry it each.</summary>
    public Func<Http2Request, ValueTask<Http2Response>>? Handler { get; init; }

    /// <summary>The same, for one that takes <see cref="Http2Exchange.Aborted"/>, which is made for each request then.</summary>
    public Func<Http2Request, CancellationToken, ValueTask<Http2Response>>? AbortedHandler { get; init; }

    public ILogger Logger { get; }

    /// <summary>The clock of the options, which may throw there but not here.</summary>
    public TimeProvider Time { get; }

    public Clock Clock { get; }

    public ConnectionScheduler Scheduler { get; init; } = ConnectionScheduler.ThreadPool;

    /// <summary>The threads that serve sockets, or null where the thread pool does.</summary>
    [SupportedOSPlatform("linux")]
    public EventLoops? Loops { get; private set; }

    /// <summary>The <c>server</c> field, or null.</summary>
    public HeaderField? Server { get; }

    public ConnectionRegistry Connections { get; } = new();

    public Holdings Holdings { get; } = new();

    /// <summary>Is cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>How the server ends.</summary>
    public Drain Drain { get; }

    /// <summary>Tells handlers from other callers.</summary>
    public HandlerContext HandlerContext { get; } = new();

    /// <summary>The server begins to stop: what comes from now on is told so.</summary>
    public void BeginStopping() => _stopping.Cancel();

    /// <summary>Starts the event loops where there are any.</summary>
    public void StartLoops()
    {
        if (OperatingSystem.IsLinux() && Options.Scheduling == Http2Scheduling.EventLoops)
            Loops ??= new EventLoops(Environment.ProcessorCount);
    }

    /// <summary>Ends the event loops once the last connection is gone.</summary>
    public void StopLoops()
    {
        if (OperatingSystem.IsLinux())
            Loops?.Dispose();
    }

    /// <summary>Notes that the user's tap has failed; answers whether for the first time.</summary>
    public bool NoteTapFailure() => Interlocked.Exchange(ref _tapFailed, 1) == 0;

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnection);
}
