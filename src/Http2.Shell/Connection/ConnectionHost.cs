using System.Runtime.Versioning;
using Hpack.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>What all connections of a server share. Thread-safe.</summary>
internal sealed class ConnectionHost
{
    private readonly LoopTime _time = new();
    private readonly BufferPool _pool = new();
    private readonly CancellationTokenSource _stopping = new();
    private long _lastConnection;
    private int _tapFailed;

    public ConnectionHost(Http2ServerOptions options, Func<Http2Exchange> exchanges)
    {
        OwnerWatch.Start();
        // Timers of the system's need a thread of the pool; a clock of the user's is left as it is.
        if (options.TimeProvider == TimeProvider.System)
            options = options with { TimeProvider = _time };
        Options = options;
        MaxConnections = (int)Math.Min(options.MaxConnections, Http2ProcessLimits.Current.Connections);
        Exchanges = exchanges;
        var standardError = new StandardErrorLog(TimeProvider.System, static () => Console.Error);
        Logger = options.LoggerFactory == NullLoggerFactory.Instance
            ? standardError
            : new GuardedLogger(options.LoggerFactory.CreateLogger("Http2.Shell.Http2Server"), standardError);
        Time = GuardedTime.Of(options.TimeProvider, failure => Log.TimeFailed(Logger, failure));
        Clock = new Clock(Time);
        Repeated = new LogGate<int>(Time);
        Seldom = new LogGate<int>(Time, TimeSpan.FromMinutes(1));
        Memory = MemoryBudget.Of(options.MaxMemory);
        Connections = new ConnectionRegistry(Memory);
        Holdings = new Holdings(_pool);
        Relief = new MemoryRelief(Memory, Connections, Logger);
        Trim = new MemoryTrim(Memory, _pool, Logger, Time);
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

    /// <summary>Whether a delegate answers requests, rather than instances of a handler class.</summary>
    public bool HasDelegate => Handler is not null || AbortedHandler is not null;

    public ILogger Logger { get; }

    /// <summary>What would be logged for each of many connections goes through here, by the number of its event.</summary>
    public LogGate<int> Repeated { get; }

    /// <summary>The same for what lasts, once a minute.</summary>
    public LogGate<int> Seldom { get; }

    /// <summary>The clock of the options, which may throw there but not here.</summary>
    public TimeProvider Time { get; }

    public Clock Clock { get; }

    public ConnectionScheduler Scheduler { get; private set; } = ConnectionScheduler.ThreadPool;

    /// <summary>How many connections may be open at a time: what the options say, or fewer when there are descriptors for fewer only.</summary>
    public int MaxConnections { get; }

    /// <summary>The threads that serve sockets, or null where the thread pool does.</summary>
    [SupportedOSPlatform("linux")]
    public EventLoops? Loops { get; private set; }

    /// <summary>The <c>server</c> field, or null.</summary>
    public HeaderField? Server { get; }

    public ConnectionRegistry Connections { get; }

    public Holdings Holdings { get; }

    /// <summary>What all connections may hold in memory together.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>What is done when that is spent.</summary>
    public MemoryRelief Relief { get; }

    /// <summary>What is done when a great load has gone.</summary>
    public MemoryTrim Trim { get; }

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
    /// <exception cref="Http2ShortageException">The system gives no thread or descriptor for them.</exception>
    public void StartLoops()
    {
        if (!OperatingSystem.IsLinux() || Options.Scheduling != Http2Scheduling.EventLoops || Loops is not null)
            return;
        var settings = Options.Loops ?? new LoopSettings(Environment.ProcessorCount);
        Loops = new EventLoops(settings with { OnFault = failure => Log.LoopFault(Logger, failure) });
        Scheduler = new LoopScheduler(Loops);
        _time.Use(Loops);
    }

    /// <summary>Ends the event loops once the last connection is gone.</summary>
    public void StopLoops()
    {
        Repeated.Dispose();
        Seldom.Dispose();
        Trim.Dispose();
        if (OperatingSystem.IsLinux())
            Loops?.Dispose();
    }

    /// <summary>The <c>date</c> field of now, or null when the server sends none.</summary>
    public HeaderField? DateNow() => Options.SendDate ? Clock.Date(Clock.At(Clock.Timestamp)) : null;

    /// <summary>Notes that the user's tap has failed; answers whether for the first time.</summary>
    public bool NoteTapFailure() => Interlocked.Exchange(ref _tapFailed, 1) == 0;

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnection);
}
