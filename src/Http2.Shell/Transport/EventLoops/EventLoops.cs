using System.Diagnostics;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>Something that an event loop wakes when its descriptor is ready.</summary>
internal interface IReadiness
{
    /// <summary>Runs on a loop's thread; two threads may report different changes at once.</summary>
    /// <param name="events">What <see cref="Epoll"/> reported.</param>
    void OnReady(uint events);
}

/// <summary>
/// Threads that share one epoll descriptor. Each takes a few ready connections and runs one after the other to the end: protocol,
/// handlers and the write, with no hand-over between threads and no spinning, which is where most of a thread pool's cost for small requests
/// lies. Handlers may block: a watchdog sees a thread that has not come back and lets another take its place, and the connections it had taken
/// besides, so that as many threads as there are cores are always serving.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EventLoops : IDisposable
{
    /// <summary>A thread that waits in the midst of its work on one connection for this long no longer counts as serving, in milliseconds.</summary>
    internal const int StuckAfter = 5;

    /// <summary>
    /// A thread that computes for this long no longer counts either, in milliseconds: another one shares its core. It is much longer than
    /// the turns that busy cores give their threads, or every load would make ever more threads take turns.
    /// </summary>
    internal const int ComputingAfter = 25;

    /// <summary>The most threads there may be; past it, blocked handlers do delay others.</summary>
    internal const int MaxThreads = 1024;

    private const int ParkedFor = 10_000;

    // Looks that find nobody at work before the watchdog goes to sleep.
    private const int QuietLooks = 200;

    private readonly int _epoll = Epoll.Create();
    private readonly int _wanted;
    private readonly Lock _gate = new();
    private readonly List<Worker> _workers = [];
    // The heavier kind: the light one spins, while others need the core.
    private readonly Semaphore _parked = new(0, int.MaxValue);
    private readonly SourceTable _sources = new();
    private readonly ManualResetEventSlim _watch = new(false);
    private volatile ReadyBatch[] _batches = [];
    private int _parkedCount;
    private int _wakeAll;
    private volatile bool _stopping;

    internal EventLoops(int threads)
    {
        _wanted = threads;
        lock (_gate)
        {
            for (var i = 0; i < threads; i++)
                StartWorker();
        }
        new Thread(Watch) { IsBackground = true, Name = "http2-watchdog" }.Start();
    }

    /// <summary>How many threads there are now, those that are stuck or parked included.</summary>
    internal int ThreadCount
    {
        get
        {
            lock (_gate)
                return _workers.Count;
        }
    }

    /// <summary>Has <paramref name="source"/> woken for each change of a descriptor's readiness, from now on.</summary>
    /// <returns>The token to take it out with.</returns>
    internal ulong Register(int descriptor, IReadiness source)
    {
        var token = _sources.Add(source);
        Epoll.Add(_epoll, descriptor, Epoll.In | Epoll.Out | Epoll.ReadHangUp | Epoll.Edge, token);
        return token;
    }

    /// <summary>Forgets a source whose descriptor is about to be closed, which takes it out of epoll; late reports find nothing.</summary>
    internal void Unregister(ulong token) => _sources.Remove(token);

    /// <summary>Ends the threads as they come back from their work. Sources that are still there are served no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
            _wakeAll = Epoll.WakeAll(_epoll);
            _parked.Release(MaxThreads);
        }
        _watch.Set();
    }

    private void StartWorker()
    {
        var worker = new Worker();
        _workers.Add(worker);
        _batches = [.. _workers.Select(other => other.Batch)];
        new Thread(() => Serve(worker)) { IsBackground = true, Name = "http2-loop" }.Start();
    }

    private void Serve(Worker worker)
    {
        worker.Thread = LoopThread.Current();
        while (!_stopping)
        {
            // what this thread took it finishes, even if another has taken its place: nobody else may come to look for it
            if (!worker.Batch.TryTake(out var report))
            {
                if (worker.Replaced && !Rest(worker))
                    break;
                if (!TakeFromOthers(worker, out report) && !Wait(worker, out report))
                    continue;
            }
            worker.Done++;
            if (_sources.Find(report.Token) is not { } source)
                continue;
            worker.BusySince = Environment.TickCount64;
            if (!_watch.IsSet)
                _watch.Set();
            source.OnReady(report.Events);
            worker.BusySince = 0;
        }
        End(worker);
    }

    private void End(Worker worker)
    {
        lock (_gate)
        {
            _workers.Remove(worker);
            _batches = [.. _workers.Select(other => other.Batch)];
            if (!_stopping || _workers.Count > 0)
                return;
            Epoll.Close(_wakeAll);
            Epoll.Close(_epoll);
        }
    }

    /// <summary>Takes what lies behind the work of another thread, which may be stuck in it.</summary>
    private bool TakeFromOthers(Worker worker, out ReadyReport report)
    {
        foreach (var batch in _batches)
        {
            if (batch != worker.Batch && batch.TryTake(out report))
                return true;
        }
        report = default;
        return false;
    }

    /// <summary>Waits for a batch and takes the first of it.</summary>
    private bool Wait(Worker worker, out ReadyReport report)
    {
        worker.Size.Learn(worker.Done, Stopwatch.GetTimestamp() - worker.Began);
        Span<ReadyReport> reports = stackalloc ReadyReport[ReadyBatch.Most];
        var count = Epoll.Wait(_epoll, reports[..worker.Size.Next]);
        worker.Began = Stopwatch.GetTimestamp();
        worker.Done = 0;
        report = reports[0];
        if (count > 1)
            worker.Batch.Fill(reports[1..count], Environment.TickCount64);
        return count > 0;
    }

    // A thread that was replaced while it was stuck waits here to replace another, or ends.
    private bool Rest(Worker worker)
    {
        lock (_gate)
        {
            worker.Parked = true;
            _parkedCount++;
        }
        var wanted = _parked.WaitOne(ParkedFor);
        lock (_gate)
        {
            // the watchdog may have called for this thread just as its time ran out
            wanted = wanted || _parked.WaitOne(0);
            if (!wanted)
                _parkedCount--;
            worker.Parked = worker.Replaced = false;
            return wanted;
        }
    }

    // Looks at the threads every few milliseconds while there is traffic and sleeps when there is none.
    private void Watch()
    {
        while (!_stopping)
        {
            _watch.Wait();
            // Asleep first, then one more look: a thread that begins in between either sees the watch down and sets it, or is seen.
            for (var quiet = 0; !_stopping && quiet < QuietLooks; quiet++)
            {
                Thread.Sleep(StuckAfter);
                if (quiet == QuietLooks - 1)
                    _watch.Reset();
                if (Relieve())
                    quiet = -1;
            }
        }
    }

    /// <summary>Replaces stuck threads, and those that take too long to come to what else they took.</summary>
    /// <returns>Whether any thread was at work.</returns>
    private bool Relieve()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            var busy = false;
            var missing = 0;
            foreach (var worker in _workers)
            {
                var since = worker.BusySince;
                busy |= since != 0;
                if (worker.Replaced || worker.Parked || since == 0
                    || (!IsStuck(worker, now - since) && !worker.Batch.IsOlderThan(now - StuckAfter)))
                    continue;
                worker.Replaced = true;
                missing++;
            }
            for (; missing > 0; missing--)
            {
                if (_parkedCount > 0)
                {
                    _parkedCount--;
                    _parked.Release();
                }
                else if (_workers.Count < MaxThreads)
                {
                    StartWorker();
                }
            }
            return busy;
        }
    }

    private static bool IsStuck(Worker worker, long busyFor) =>
        busyFor >= ComputingAfter || (busyFor >= StuckAfter && worker.Thread?.IsWaiting() != false);

    private sealed class Worker
    {
        internal readonly ReadyBatch Batch = new();

        /// <summary>How large a batch may be; the thread's own, as is what it learns from.</summary>
        internal BatchSize Size;

        /// <summary>When the last batch came.</summary>
        internal long Began;

        /// <summary>How many reports were worked through since.</summary>
        internal int Done;

        /// <summary>The thread itself, once it runs.</summary>
        internal volatile LoopThread? Thread;

        /// <summary>When the work at hand began, or 0; written by the thread, read by the watchdog.</summary>
        internal long BusySince
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }

        internal bool Replaced;

        internal bool Parked;
    }
}
