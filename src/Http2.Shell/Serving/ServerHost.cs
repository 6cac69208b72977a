using System.Runtime.Versioning;
using Hpack.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>What all connections of a server share beyond what they share as connections. Thread-safe.</summary>
internal sealed class ServerHost
{
    private readonly LoopTime _time = new();
    private readonly CancellationTokenSource _stopping = new();

    public ServerHost(Http2ServerOptions options, Func<Http2Exchange> exchanges)
    {
        // Timers of the system's need a thread of the pool; a clock of the user's is left as it is.
        if (options.TimeProvider == TimeProvider.System)
            options = options with { TimeProvider = _time };
        Options = options;
        MaxConnections = (int)Math.Min(options.MaxConnections, Http2ProcessLimits.Current.Connections);
        Exchanges = exchanges;
        var standardError = new StandardErrorLog(TimeProvider.System, static () => Console.Error);
        ILogger logger = options.LoggerFactory == NullLoggerFactory.Instance
            ? standardError
            : new GuardedLogger(options.LoggerFactory.CreateLogger("Http2.Shell.Http2Server"), standardError);
        var time = options.TimeProvider == _time
            ? _time
            : GuardedTime.Of(options.TimeProvider, failure => ServerLog.TimeFailed(logger, failure));
        Engine = new EngineHost(LimitsOf(options), logger, time, MemoryBudget.Of(options.MaxMemory));
        Repeated = new LogGate<int>(time);
        Seldom = new LogGate<int>(time, TimeSpan.FromMinutes(1));
        Drain = new Drain(Engine.Connections);
        Server = options.ServerHeader is { } name ? OutboundFields.Normalise(("server", name)) : null;
    }

    public Http2ServerOptions Options { get; }

    /// <summary>Makes what handles a stream.</summary>
    public Func<Http2Exchange> Exchanges { get; }

    /// <summary>The delegate that answers requests, when exchanges are <see cref="Http2Request"/>. They need not carry it each.</summary>
    public Func<Http2Request, ValueTask<Http2Response>>? Handler { get; init; }

    /// <summary>The delegate that answers requests, when it takes <see cref="Http2Stream.Aborted"/>, which is then made for each request.</summary>
    public Func<Http2Request, CancellationToken, ValueTask<Http2Response>>? AbortedHandler { get; init; }

    /// <summary>Whether a delegate answers requests, rather than instances of a handler class.</summary>
    public bool HasDelegate => Handler is not null || AbortedHandler is not null;

    /// <summary>What they share as connections.</summary>
    public EngineHost Engine { get; }

    public ILogger Logger => Engine.Logger;

    /// <summary>The clock of the options, which may throw there but not here.</summary>
    public TimeProvider Time => Engine.Time;

    public Clock Clock => Engine.Clock;

    public ConnectionRegistry Connections => Engine.Connections;

    /// <summary>What would be logged for each of many connections goes through here, by the number of its event.</summary>
    public LogGate<int> Repeated { get; }

    /// <summary>What would be logged again and again while a shortage lasts goes through here, by the number of its event, once a minute.</summary>
    public LogGate<int> Seldom { get; }

    /// <summary>How many connections may be open at a time: what the options say, or fewer when there are descriptors for fewer only.</summary>
    public int MaxConnections { get; }

    /// <summary>The threads that serve sockets, or null where the thread pool does.</summary>
    [SupportedOSPlatform("linux")]
    public EventLoops? Loops { get; private set; }

    /// <summary>The <c>server</c> field, or null.</summary>
    public HeaderField? Server { get; }

    /// <summary>Is cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>How the server ends.</summary>
    public Drain Drain { get; }

    /// <summary>Calls the delegate. User code.</summary>
    public ValueTask<Http2Response> CallDelegate(Http2Request request) =>
        Handler is { } handler ? handler(request) : AbortedHandler!(request, request.Aborted);

    /// <summary>The server begins to stop: what comes from now on is told so.</summary>
    public void BeginStopping() => _stopping.Cancel();

    /// <summary>
    /// Waits until the last connection has ended. Those that have not when the time of the options is over, or when cutting is asked for, are
    /// ended at once.
    /// </summary>
    public async Task WhenEmptyOrCutAsync()
    {
        var empty = Connections.WhenEmpty();
        try
        {
            await empty.WaitAsync(Options.DrainTimeout, Time, Drain.Cutting).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            ServerLog.Cut(Logger, Connections.Count);
            Drain.Cut();
            foreach (var connection in Connections.Open)
                connection.Stop.AtOnce();
        }
    }

    /// <summary>Starts the event loops where there are any.</summary>
    /// <exception cref="Http2ShortageException">The system gives no thread or descriptor for them.</exception>
    public void StartLoops()
    {
        if (!OperatingSystem.IsLinux() || Options.Scheduling != Http2Scheduling.EventLoops || Loops is not null)
            return;
        var settings = Options.Loops ?? new LoopSettings(Environment.ProcessorCount);
        Loops = new EventLoops(
            settings with { OnFault = failure => ServerLog.LoopFault(Engine.Logger, failure), OnThreadEnded = Engine.Trim.ThreadEnded });
        Engine.Scheduler = new LoopScheduler(Loops);
        _time.Use(Loops);
    }

    /// <summary>Ends the event loops once the last connection is gone.</summary>
    public void StopLoops()
    {
        Repeated.Dispose();
        Seldom.Dispose();
        Engine.Trim.Dispose();
        if (OperatingSystem.IsLinux())
            Loops?.Dispose();
    }

    /// <summary>The <c>date</c> field of now, or null when the server sends none.</summary>
    public HeaderField? DateNow() => Options.SendDate ? Engine.Clock.Date(Engine.Now) : null;

    private static EngineLimits LimitsOf(Http2ServerOptions options) => new()
    {
        Connection = options.Connection,
        IncomingPace = options.Connection.RequestBodyPace,
        OutgoingPace = options.Connection.ResponseBodyPace,
        Send = new SendTimeouts(
            (long)options.SendTimeout.TotalMilliseconds, (long)options.UnreadTimeout.TotalMilliseconds,
            (long)options.UnreachableTimeout.TotalMilliseconds),
        MaxUnsentPerConnection = options.MaxUnsentPerConnection,
        MaxUnsentPerStream = options.MaxUnsentPerStream,
        MaxBodyBuffersPerConnection = options.MaxBodyBuffersPerConnection,
        MaxExaminedPerRequest = options.MaxExaminedPerRequest,
        MaxExaminedPerConnection = options.MaxExaminedPerConnection,
        MaxUnreadBody = options.MaxUnreadBody,
        UnreadBodyTimeout = (long)options.UnreadBodyTimeout.TotalMilliseconds,
        HalfClosedTimeout = (long)options.HalfClosedTimeout.TotalMilliseconds,
        LingerTimeout = (long)options.LingerTimeout.TotalMilliseconds,
        FrameTap = options.FrameTap,
    };
}
