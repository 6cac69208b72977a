using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Threads that share one epoll descriptor. Each takes a few ready connections and runs one after the other to the end: protocol,
/// handlers and the write, with no hand-over between threads and no spinning, which is where most of a thread pool's cost for small requests
/// lies. Handlers may block: a watchdog sees a thread that has not come back and lets another take its place, and the connections it had taken
/// besides, so that as many threads as there are cores are always serving. Connections whose work took long the last time are run by threads
/// beside those. docs/scaling.md has a picture. Thread-safe.
/// </summary>
/// <remarks>
/// This joins the parts: <see cref="LoopPoller"/> has the descriptors, <see cref="LoopCrew"/> the threads and what is put aside,
/// <see cref="EventLoop"/> what a thread does, <see cref="LoopWatchdog"/> the looks at them, <see cref="StandbyLoop"/> what is done when all are
/// held up, <see cref="RunQueue"/> what other threads want done.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class EventLoops : IWatchdogDuty, IDisposable
{
    private readonly LoopPoller _poller;
    private readonly LoopCrew _crew;
    private readonly CrewGrowth _growth;
    private readonly RunQueue _queue;
    private readonly WorkRunner _runner;
    private readonly StandbyLoop _standby;
    private readonly SourceTable _sources = new();
    private readonly LoopTimers _timers = new();
    private readonly WatchdogWaker _waker = new();

    /// <summary>Starts the threads.</summary>
    /// <exception cref="Http2ShortageException">The system gives no thread or no descriptor.</exception>
    internal EventLoops(LoopSettings settings)
    {
        Settings = settings;
        _poller = LoopPoller.Open(settings);
        _queue = new RunQueue(_poller.Signal, static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        _runner = new WorkRunner(_waker, settings.OnFault);
        _crew = new LoopCrew(settings, Serve, _waker.Wake, _poller.Signal);
        var reserve = new ThreadReserve(work => settings.TryStart(work, "http2-reserve"));
        _growth = new CrewGrowth(_crew, new ThreadSupply(settings.ThreadsLeft, ThreadRoom.OfUser, reserve));
        _standby = new StandbyLoop(_crew, _poller, _queue, _sources, settings.OnFault);
        if (!settings.TryStart(new LoopWatchdog(settings.System, _waker, _timers, this).Run, "http2-watchdog")
            || !settings.TryStart(Stand, "http2-standby"))
        {
            Dispose();
            throw Http2ShortageException.OfThreads();
        }
        for (var i = 0; i < settings.Threads + settings.Spare && i < settings.Limit; i++)
            _crew.TryMake();
        // fewer spare ones will do; with none that serves there is no server
        if (_crew.HasServing)
            return;
        Dispose();
        throw Http2ShortageException.OfThreads();
    }

    internal EventLoops(int threads)
        : this(new LoopSettings(threads))
    {
    }

    /// <summary>What was asked for.</summary>
    internal LoopSettings Settings { get; }

    /// <summary>Whether what is scheduled, and timers, are the loops' business: not once they are ending.</summary>
    internal bool IsServing => !_crew.IsEnding;

    /// <summary>How many threads are held up by what they are at, so that others serve in their place, or nobody does.</summary>
    internal int HeldThreads => _crew.Held;

    bool IWatchdogDuty.IsEnding => _crew.IsEnding;

    /// <summary>Has <paramref name="source"/> woken for each change of a descriptor's readiness, from now on.</summary>
    /// <returns>The token to take it out with.</returns>
    /// <exception cref="IOException">The kernel has no room for one more.</exception>
    /// <exception cref="ObjectDisposedException">The loops have ended.</exception>
    internal ulong Register(int descriptor, IReadiness source)
    {
        var token = _sources.Add(source);
        try
        {
            _poller.Add(descriptor, token);
        }
        catch
        {
            _sources.Remove(token);
            throw;
        }
        return token;
    }

    /// <summary>Forgets a source whose descriptor is about to be closed, which takes it out of epoll; late reports find nothing.</summary>
    internal void Unregister(ulong token) => _sources.Remove(token);

    /// <summary>Has <paramref name="work"/> done soon, by a thread that serves and may block.</summary>
    internal void Schedule(IThreadPoolWorkItem work)
    {
        _queue.Add(work, _crew.Front);
        _waker.Wake();
        if (_crew.IsEnding)
            LeaveToPool();
    }

    /// <summary>
    /// Has the rest of what the calling thread is at done later, so that other work has its turn: by a thread beside those that serve when the
    /// watchdog has seen that it takes long.
    /// </summary>
    internal void ScheduleRest(IThreadPoolWorkItem work)
    {
        if (LoopWorker.Current is not { Seen: not WorkWeight.Light } worker || worker.Crew != _crew)
        {
            Schedule(work);
            return;
        }
        ScheduleLong(work, worker.Seen);
    }

    /// <summary>Has <paramref name="work"/> done by a thread beside those that serve, because it is likely to take long.</summary>
    internal void ScheduleLong(IThreadPoolWorkItem work, WorkWeight weight)
    {
        _crew.PutAside(new PendingWork(work, default), weight);
        if (_crew.IsEnding)
            LeaveToPool();
    }

    /// <summary>Sets a timer in so many milliseconds, or stops it with -1.</summary>
    internal void SetTimer(LoopTimer timer, long milliseconds)
    {
        if (!_timers.Set(timer, milliseconds < 0 ? long.MaxValue : Settings.System.Now + milliseconds))
            return;
        _waker.Wake();
        if (_crew.IsEnding)
            _waker.Hurry();
    }

    /// <summary>Keeps the watchdog awake, which looks after the owners of connections too: one thread less that wakes up for that.</summary>
    internal void KeepWatched()
    {
        _waker.Wake();
        if (_crew.IsEnding)
            OwnerWatch.KeepAwake();
    }

    /// <summary>Ends the threads as they come back from their work. Sources that are still there are served no more.</summary>
    public void Dispose()
    {
        if (!_crew.TryEnd())
            return;
        _poller.WakeAll();
        _standby.End();
        _poller.Leave();
        LeaveToPool();
        _waker.Hurry();
        // the watchdog looks after nobody from now on
        OwnerWatch.KeepAwake();
    }

    bool IWatchdogDuty.IsInHaste(long now) => _crew.IsInHaste(now);

    void IWatchdogDuty.LookAtSupply(long now) => _growth.LookAtSupply(now);

    bool IWatchdogDuty.LookAtWork(long now)
    {
        var isBusy = _queue.Look() | _crew.Look(now);
        _growth.Grow(now);
        _standby.Look(now);
        return isBusy | OwnerWatch.Look();
    }

    void IWatchdogDuty.Schedule(LoopTimer timer) => Schedule(timer);

    void IWatchdogDuty.OnWatchdogEnd() => _growth.End();

    // What each thread of the crew does from its beginning to its end.
    private void Serve(LoopWorker worker)
    {
        if (_poller.TryJoin())
        {
            new EventLoop(worker, _poller, _queue, _sources, _runner, Settings.System).Run();
            _poller.Leave();
        }
        _crew.Remove(worker);
        if (_crew.IsEnding)
            LeaveToPool();
    }

    // What the thread does that stands in for all of them.
    private void Stand()
    {
        if (!_poller.TryJoin())
            return;
        _standby.Run();
        _poller.Leave();
    }

    /// <summary>Work that comes when the loops are ending, such as the answer of a handler whose connection was cut, is the thread pool's.</summary>
    private void LeaveToPool()
    {
        _queue.MoveLine();
        while (_queue.TryTake(out var work, []))
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        while (_crew.TryTakeLeft(out var left))
        {
            if (left.Work is { } work)
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }
}
