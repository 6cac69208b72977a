using System.Runtime.Versioning;
using Hpack.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What all connections of a server share. Thread-safe.</summary>
internal sealed class ConnectionHost
{
    private readonly BufferPool _pool = new();
    private long _lastConnection;

    public ConnectionHost(
        Http2ServerOptions options, Func<Http2Exchange> exchanges,
        Func<Http2Request, CancellationToken, ValueTask<Http2Response>>? handler)
    {
        Handler = handler;
        Options = options;
        Exchanges = exchanges;
        Logger = options.LoggerFactory.CreateLogger("Http2.Shell.Http2Server");
        Clock = new Clock(options.TimeProvider);
        Memory = MemoryBudget.Of(options.MaxMemory);
        Connections = new ConnectionRegistry(Memory);
        Holdings = new Holdings(_pool);
        Relief = new MemoryRelief(Memory, Connections, Logger);
        Trim = new MemoryTrim(Memory, _pool, Logger, options.TimeProvider);
        Server = options.ServerHeader is { } name ? OutboundFields.Normalise(("server", name)) : null;
    }

    public Http2ServerOptions Options { get; }

    /// <summary>Makes what handles a stream.</summary>
    public Func<Http2Exchange> Exchanges { get; }

    /// <summary>The delegate that answers requests, when exchanges are <see cref="Http2Request"/>. They need not carry it each.</summary>
    public Func<Http2Request, CancellationToken, ValueTask<Http2Response>>? Handler { get; }

    public ILogger Logger { get; }

    public Clock Clock { get; }

    public ConnectionScheduler Scheduler { get; init; } = ConnectionScheduler.ThreadPool;

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

    /// <summary>Starts the event loops where there are any.</summary>
    public void StartLoops()
    {
        if (OperatingSystem.IsLinux() && Options.Scheduling == Http2Scheduling.EventLoops)
            Loops ??= new EventLoops(Environment.ProcessorCount);
    }

    /// <summary>Ends the event loops once the last connection is gone.</summary>
    public void StopLoops()
    {
        Trim.Dispose();
        if (OperatingSystem.IsLinux())
            Loops?.Dispose();
    }

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnection);
}
