using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell;

/// <summary>
/// What connections share that are made with the same options: the engine's memory and counts, the threads, the clock. It lives as long as the
/// options do. Thread-safe.
/// </summary>
internal sealed class ClientHost
{
    private static readonly ConditionalWeakTable<Http2ClientOptions, ClientHost> Hosts = [];
    private static readonly Lock LoopsGate = new();
    private static readonly PaceLimit NoPace = new(0, TimeSpan.FromDays(1));

    // One set of threads serves all clients of the process: they sleep while there is nothing to do.
    [SupportedOSPlatform("linux")]
    private static EventLoops? s_loops;

    private ClientHost(Http2ClientOptions options)
    {
        ClientOptionRules.Judge(options);
        Options = options;
        ILogger logger = options.LoggerFactory == NullLoggerFactory.Instance
            ? NullLogger.Instance
            : new GuardedLogger(options.LoggerFactory.CreateLogger("Http2.Shell.Http2Client"), NullLogger.Instance);
        var loopTime = new LoopTime();
        var time = options.TimeProvider == TimeProvider.System ? loopTime : GuardedTime.Of(options.TimeProvider, static _ => { });
        Engine = new EngineHost(LimitsOf(options), logger, time, MemoryBudget.Of(options.MaxMemory));
        if (!OperatingSystem.IsLinux() || options.Scheduling != Http2Scheduling.EventLoops || LoopsFor(options) is not { } loops)
            return;
        Loops = loops;
        Engine.Scheduler = new LoopScheduler(loops);
        loopTime.Use(loops);
    }

    public Http2ClientOptions Options { get; }

    public EngineHost Engine { get; }

    /// <summary>The threads that serve sockets, or null where the thread pool does.</summary>
    [SupportedOSPlatform("linux")]
    public EventLoops? Loops { get; }

    /// <summary>The host of connections with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ClientHost Of(Http2ClientOptions options)
    {
        if (Hosts.TryGetValue(options, out var there))
            return there;
        // Outside of the table's lock: judging the options may throw.
        var fresh = new ClientHost(options);
        return Hosts.GetValue(options, _ => fresh);
    }

    [SupportedOSPlatform("linux")]
    private static EventLoops? LoopsFor(Http2ClientOptions options)
    {
        try
        {
            if (options.LoopThreads is { } threads)
                return new EventLoops(threads);
            lock (LoopsGate)
                return s_loops ??= new EventLoops(Environment.ProcessorCount);
        }
        catch (Http2ShortageException)
        {
            // The thread pool serves as well.
            return null;
        }
    }

    private static EngineLimits LimitsOf(Http2ClientOptions options) => new()
    {
        Connection = options.Connection,
        IncomingPace = options.ResponseBodyPace ?? NoPace,
        OutgoingPace = options.RequestBodyPace ?? NoPace,
        Send = new SendTimeouts(
            (long)options.SendTimeout.TotalMilliseconds, (long)options.SendTimeout.TotalMilliseconds, (long)options.SendTimeout.TotalMilliseconds),
        MaxUnsentPerConnection = options.MaxUnsentPerConnection,
        MaxUnsentPerStream = options.MaxUnsentPerStream,
        MaxBodyBuffersPerConnection = options.MaxBodyBuffersPerConnection,
        MaxExaminedPerRequest = options.MaxExaminedPerRequest,
        MaxExaminedPerConnection = options.MaxExaminedPerConnection,
        // A reader that has had enough resets its stream at once.
        MaxUnreadBody = 0,
        UnreadBodyTimeout = 1,
        HalfClosedTimeout = (long)options.SendTimeout.TotalMilliseconds,
        LingerTimeout = (long)options.LingerTimeout.TotalMilliseconds,
        FrameTap = options.FrameTap,
    };
}
