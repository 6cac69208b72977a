using System.Diagnostics;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>Something that an event loop wakes when its descriptor is ready.</summary>
internal interface IReadiness
{
    /// <summary>What its work was like when it was last woken. Kept here for the loops.</summary>
    WorkWeight Weight { get; set; }

    /// <summary>Runs on a loop's thread; two threads may report different changes at once.</summary>
    /// <param name="events">What <see cref="Epoll"/> reported.</param>
    void OnReady(uint events);
}

/// <summary>
/// Threads that share one epoll descriptor. Each takes a few ready connections and runs one after the other to the end: protocol,
/// handlers and the write, with no hand-over between threads and no spinning, which is where most of a thread pool's cost for small requests
/// lies. Handlers may block: a watchdog sees a thread that has not come back and lets another take its place, and the connections it had taken
/// besides, so that as many threads as there are cores are always serving. Connections whose work took long the last time are run by threads
/// beside those. docs/scaling.md has a picture.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class EventLoops : IDisposable
{
    private const ulong SignalToken = ulong.MaxValue;
    private const int ParkedFor = 10_000;

    // Pieces of queued work in a row before a thread looks for reports: neither may starve the other.
    private const int MostQueuedInARow = 16;

    private readonly LoopSettings _settings;
    private readonly Lock _gate = new();
    private readonly ThreadBook<LoopWorker> _book;
    private readonly List<LoopWorker> _workers = [];
    private readonly SourceTable _sources = new();
    private readonly RunQueue _queue;
    private readonly LoopTimers _timers = new();
    private readonly LoopTurns _turns;
    private readonly ThreadSupply _supply;
    private readonly int _epoll;
    private readonly int _signal;

    // Those that serve, and those that left something of a batch behind: where to look for work, and whom to wake.
    private volatile LoopWorker[] _front = [];
    private int _called;
    private bool _isShort;
    private volatile bool _stopping;
    private bool _isWatchdogGone;

    /// <summary>Starts the threads.</summary>
    /// <exception cref="Http2ShortageException">The system gives no thread or no descriptor.</exception>
    internal EventLoops(LoopSettings settings)
    {
        _settings = settings;
        _queue = new RunQueue(
            () => Epoll.Signal(_signal), static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        _book = new ThreadBook<LoopWorker>(settings.Threads, settings.Limit, Math.Min(settings.Spare, settings.Limit - settings.Threads));
        _turns = new LoopTurns(settings.Threads);
        _supply = new ThreadSupply(settings.ThreadsLeft, ThreadRoom.OfUser, new ThreadReserve(work => TryStart(work, "http2-reserve")));
        (_epoll, _signal) = OpenDescriptors(settings);
        if (!TryStart(Watch, "http2-watchdog"))
        {
            Epoll.Close(_signal);
            Epoll.Close(_epoll);
            throw Http2ShortageException.OfThreads();
        }
        for (var i = 0; i < settings.Threads + settings.Spare && i < settings.Limit; i++)
            TryMakeWorker();
        // fewer spare ones will do; with none that serves there is no server
        if (_book.Serving > 0)
            return;
        Dispose();
        throw Http2ShortageException.OfThreads();
    }

    internal EventLoops(int threads)
        : this(new LoopSettings(threads))
    {
    }

    /// <summary>What was asked for.</summary>
    internal LoopSettings Settings => _settings;

    /// <summary>Whether what is scheduled, and timers, are the loops' business: not once they are ending.</summary>
    internal bool IsServing => !_stopping;

    /// <summary>Has <paramref name="source"/> woken for each change of a descriptor's readiness, from now on.</summary>
    /// <returns>The token to take it out with.</returns>
    internal ulong Register(int descriptor, IReadiness source)
    {
        var token = _sources.Add(source);
        try
        {
            Epoll.Add(_epoll, descriptor, Epoll.In | Epoll.Out | Epoll.ReadHangUp | Epoll.Edge, token);
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
        _queue.Add(work, _front);
        if (!_watch.IsSet)
            _watch.Set();
        if (_stopping)
            LeaveToPool();
    }

    /// <summary>The same for the rest of what the calling thread is at, which is left to others so that all have their turn.</summary>
    internal void ScheduleRest(IThreadPoolWorkItem work)
    {
        if (LoopWorker.Current is not { Seen: not WorkWeight.Light } worker || worker.Loops != this)
        {
            Schedule(work);
            return;
        }
        Defer(new LoopTurn(work, default), worker.Seen);
        if (_stopping)
            LeaveToPool();
    }

    /// <summary>Sets a timer in so many milliseconds, or stops it with -1.</summary>
    internal void SetTimer(LoopTimer timer, long milliseconds)
    {
        if (!_timers.Set(timer, milliseconds < 0 ? long.MaxValue : Now + milliseconds))
            return;
        _watch.Set();
        if (_stopping)
            _hurry.Set();
    }

    /// <summary>Ends the threads as they come back from their work. Sources that are still there are served no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
            Epoll.WakeAll(_epoll, _signal, SignalToken);
            _workers.ForEach(worker => worker.Call.Set());
        }
        LeaveToPool();
        _watch.Set();
        _hurry.Set();
        // the watchdog looks after nobody from now on
        OwnerWatch.KeepAwake();
    }

    private void Serve(LoopWorker worker, bool keepsStatusOpen)
    {
        LoopWorker.Current = worker;
        worker.Thread = LoopThread.Current(keepsStatusOpen, () => _settings.Refuses(Scarce.File));
        while (!_stopping)
        {
            // what this thread took it finishes, even if another has taken its place: nobody else may come to look for it
            if (worker.Batch.TryTake(out var report))
                OnReport(worker, report);
            else if (worker.State != LoopState.Serving)
            {
                if (!GoOn(worker))
                    break;
            }
            else if (TryTakeQueued(worker, out var work))
                Run(worker, work);
            else if (TakeFromOthers(worker, out report) || Wait(worker, out report))
                OnReport(worker, report);
        }
        End(worker);
    }

    private void OnReport(LoopWorker worker, ReadyReport report)
    {
        worker.Done++;
        if (_sources.Find(report.Token) is not { } source)
        {
            if (report.Token == SignalToken)
                OnSignal(worker);
            return;
        }
        if (source.Weight != WorkWeight.Light)
            Defer(new LoopTurn(null, report), source.Weight);
        else if (Tell(worker, source, report.Events) is var weight && weight != WorkWeight.Light)
            source.Weight = weight;
    }

    private void OnSignal(LoopWorker worker)
    {
        _queue.OnWoken();
        if (Volatile.Read(ref _isShort))
            RunTurnWithoutThreads(worker);
    }

    /// <summary>Tells a source of its report, which may be long work.</summary>
    /// <returns>What the watchdog saw of it.</returns>
    private WorkWeight Tell(LoopWorker worker, IReadiness source, uint events)
    {
        Begin(worker);
        try
        {
            source.OnReady(events);
        }
        catch (Exception failure)
        {
            _settings.OnFault(failure);
        }
        worker.EndWork();
        return worker.Seen;
    }

    private void Run(LoopWorker worker, IThreadPoolWorkItem work)
    {
        Begin(worker);
        try
        {
            work.Execute();
        }
        catch (Exception failure)
        {
            _settings.OnFault(failure);
        }
        worker.EndWork();
    }

    private void Begin(LoopWorker worker)
    {
        if (worker.Seen != WorkWeight.Light)
            worker.Seen = WorkWeight.Light;
        worker.BeginWork();
        if (!_watch.IsSet)
            _watch.Set();
    }

    private bool TryTakeQueued(LoopWorker worker, out IThreadPoolWorkItem work)
    {
        work = null!;
        if (_queue.IsEmpty || worker.QueuedInARow == MostQueuedInARow || !_queue.TryTake(out work, _front))
            return false;
        worker.QueuedInARow++;
        return true;
    }

    /// <summary>Takes what lies behind the work of another thread, which may be stuck in it.</summary>
    private bool TakeFromOthers(LoopWorker worker, out ReadyReport report)
    {
        foreach (var other in _front)
        {
            if (other != worker && other.Batch.TryTake(out report))
                return true;
        }
        report = default;
        return false;
    }

    /// <summary>Waits for a batch, unless there is other work, and takes the first of it.</summary>
    private bool Wait(LoopWorker worker, out ReadyReport report)
    {
        worker.Size.Learn(worker.Done, Stopwatch.GetTimestamp() - worker.Began);
        worker.QueuedInARow = 0;
        Span<ReadyReport> reports = stackalloc ReadyReport[ReadyBatch.Most];
        worker.IsWaiting = true;
        Interlocked.MemoryBarrier();
        var count = Epoll.Wait(_epoll, reports[..worker.Size.Next], _queue.IsEmpty && worker.State == LoopState.Serving ? -1 : 0);
        worker.IsWaiting = false;
        worker.Began = Stopwatch.GetTimestamp();
        worker.Done = 0;
        report = reports[0];
        if (count > 1)
            worker.Batch.Fill(reports[1..count], Environment.TickCount64);
        return count > 0;
    }
}
