using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What all connections of one end share, a server's or a client's. Thread-safe.</summary>
internal sealed class EngineHost
{
    private long _lastConnection;
    private int _tapFailed;

    /// <param name="limits">What each connection keeps to.</param>
    /// <param name="logger">Where they log.</param>
    /// <param name="time">The clock, which does not throw.</param>
    /// <param name="memory">What they may hold in memory together.</param>
    public EngineHost(EngineLimits limits, ILogger logger, TimeProvider time, MemoryBudget memory)
    {
        OwnerWatch.Start();
        var pool = new BufferPool();
        (Limits, Logger, Time, Memory) = (limits, logger, time, memory);
        Clock = new Clock(time);
        Connections = new ConnectionRegistry(memory);
        Resources = new ResourceCounts(pool);
        Relief = new MemoryRelief(memory, Connections, logger);
        Trim = new MemoryTrim(memory, pool, logger, time);
    }

    public EngineLimits Limits { get; }

    public ILogger Logger { get; }

    /// <summary>The clock of the options, which may throw there but not here.</summary>
    public TimeProvider Time { get; }

    public Clock Clock { get; }

    /// <summary>Where connections run that something other than their own transport wakes. Set before there are any.</summary>
    public ConnectionScheduler Scheduler { get; set; } = ConnectionScheduler.ThreadPool;

    public ConnectionRegistry Connections { get; }

    /// <summary>What connections hold beyond the collector's care.</summary>
    public ResourceCounts Resources { get; }

    /// <summary>What all connections may hold in memory together.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>What is done when that is spent.</summary>
    public MemoryRelief Relief { get; }

    /// <summary>What is done when a great load has gone.</summary>
    public MemoryTrim Trim { get; }

    /// <summary>Tells callers that a connection has called from others.</summary>
    public UserCodeContext UserCode { get; } = new();

    /// <summary>The time of <see cref="Clock"/>, in milliseconds.</summary>
    public long Now => Clock.At(Clock.Timestamp);

    /// <summary>
    /// Logs that the user's tap has failed: the first failure is an error, later ones only show when everything is logged.
    /// </summary>
    public void NoteTapFailure(Http2ConnectionInfo info, Exception failure) =>
        Log.TapFailed(Logger, Interlocked.Exchange(ref _tapFailed, 1) == 0 ? LogLevel.Error : LogLevel.Debug, info.Id, failure);

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnection);
}
