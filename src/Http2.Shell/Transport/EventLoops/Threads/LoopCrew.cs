using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// The threads of event loops: as many serve as there are cores, whatever the others are held up by; some work on what takes long, beside those;
/// the rest is parked. Joins the account of the threads (<see cref="ThreadBook{T}"/>) with the work that takes long (<see cref="LongWork"/>)
/// under one lock, which is never held while anything of the user's runs. Thread-safe; what makes and judges threads is the watchdog's.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopCrew
{
    // How long a parked thread sleeps before it looks whether it is still needed, in milliseconds.
    private const int ParkedFor = 10_000;

    // How long before a thread is wanted again when none could be had, in milliseconds.
    private const int RefusedFor = 5000;

    private readonly LoopSettings _settings;
    private readonly Action<LoopWorker> _body;
    private readonly Action _wakeWatchdog;
    private readonly Action _wakeServing;
    private readonly Lock _gate = new();
    private readonly List<LoopWorker> _workers = [];
    private readonly ThreadBook<LoopWorker> _book;
    private readonly LongWork _longWork;
    private readonly WorkJudge _judge = new();
    private readonly GrowthPace _pace = new();
    private LoopWorker[] _front = [];
    private long? _refusedUntil;
    private bool _isShort;
    private bool _isEnding;

    /// <summary>A crew without threads.</summary>
    /// <param name="settings">How many threads there may be.</param>
    /// <param name="body">What a thread does; it says <see cref="Remove"/> at its end.</param>
    /// <param name="wakeWatchdog">Has the watchdog look soon.</param>
    /// <param name="wakeServing">Wakes a thread that serves and has nothing to do.</param>
    internal LoopCrew(LoopSettings settings, Action<LoopWorker> body, Action wakeWatchdog, Action wakeServing)
    {
        (_settings, _body, _wakeWatchdog, _wakeServing) = (settings, body, wakeWatchdog, wakeServing);
        _book = new ThreadBook<LoopWorker>(settings.Threads, settings.Limit, Math.Min(settings.Spare, settings.Limit - settings.Threads));
        _longWork = new LongWork(settings.Threads);
    }

    /// <summary>
    /// The threads that serve, and those that left something of a batch behind: where to look for work, and whom to wake. The array is replaced,
    /// never changed.
    /// </summary>
    internal LoopWorker[] Front => Volatile.Read(ref _front);

    /// <summary>Whether no thread is left for long work, nor is expected back soon, so that those that serve must do it.</summary>
    internal bool IsShort => Volatile.Read(ref _isShort);

    /// <summary>Whether the threads are to end.</summary>
    internal bool IsEnding => Volatile.Read(ref _isEnding);

    /// <summary>Whether any thread serves.</summary>
    internal bool HasServing => Array.Exists(Front, static worker => worker.State == LoopState.Serving);

    /// <summary>How many threads are held up by what they are at, so that others serve in their place, or nobody does.</summary>
    internal int Held
    {
        get
        {
            lock (_gate)
                return _workers.Count(worker => worker.State is LoopState.Aside or LoopState.Stuck && (worker.IsBusy || worker.IsCalled));
        }
    }

    /// <summary>Leaves long work to a thread beside those that serve.</summary>
    internal void PutAside(PendingWork work, WorkWeight weight)
    {
        lock (_gate)
        {
            _longWork.Add(work, weight);
            CallForLongWork();
        }
    }

    /// <summary>Says what a thread does that does not serve, or not yet again.</summary>
    /// <param name="worker">The thread that asks.</param>
    /// <param name="work">What it does, for <see cref="NextDuty.DoLongWork"/>.</param>
    internal NextDuty Next(LoopWorker worker, out PendingWork work)
    {
        work = default;
        lock (_gate)
        {
            _longWork.OnArrived(worker);
            _pace.OnReturned();
            if (_book.Return(worker))
                RebuildFront();
            else if (worker.State == LoopState.Aside && !_longWork.TryTake(worker, out work))
                _book.Park(worker);
            CallForLongWork();
            return worker.State switch
            {
                LoopState.Serving => NextDuty.Serve,
                LoopState.Parked => NextDuty.Sleep,
                LoopState.Ended => NextDuty.End,
                _ => NextDuty.DoLongWork,
            };
        }
    }

    /// <summary>Has a parked thread sleep until it is called, or ends because nobody has called it for a long time.</summary>
    internal void Sleep(LoopWorker worker)
    {
        while (worker.State == LoopState.Parked && !IsEnding)
        {
            if (worker.WaitForCall(ParkedFor))
                continue;
            lock (_gate)
                _book.TryEnd(worker);
        }
    }

    /// <summary>Takes a piece of long work for a thread that serves, while <see cref="IsShort"/>.</summary>
    internal bool TryTakeWithoutThreads(LoopWorker worker, out PendingWork work)
    {
        work = default;
        lock (_gate)
            return _isShort && worker.State == LoopState.Serving && _longWork.TryTake(worker, out work);
    }

    /// <summary>The piece that <see cref="TryTakeWithoutThreads"/> gave is done.</summary>
    internal void OnDoneWithoutThreads(LoopWorker worker)
    {
        lock (_gate)
        {
            _longWork.ReturnLane(worker);
            CallForLongWork();
        }
    }

    /// <summary>Takes a piece of long work to be done elsewhere, as the threads are ending.</summary>
    internal bool TryTakeLeft(out PendingWork work)
    {
        lock (_gate)
            return _longWork.TryTake(out work);
    }

    /// <summary>Makes a thread. It serves when a place is free, else it is parked. The watchdog's, once the loops run.</summary>
    /// <returns>False when the system gives none.</returns>
    internal bool TryMake()
    {
        bool keepsStatusOpen;
        var worker = new LoopWorker(this) { State = LoopState.Parked };
        lock (_gate)
        {
            keepsStatusOpen = _workers.Count < _settings.Threads + _settings.Spare;
            _workers.Add(worker);
        }
        // It is parked until it has its place: with the lock held, its start would hold up those that serve.
        var isMade = _settings.TryStart(() => Begin(worker, keepsStatusOpen), "http2-loop");
        lock (_gate)
        {
            if (isMade)
                _book.Add(worker);
            else
                _workers.Remove(worker);
            RebuildFront();
            CallForLongWork();
        }
        if (worker.State == LoopState.Serving)
            worker.Call();
        return isMade;
    }

    /// <summary>Whether a thread must be made. The watchdog's.</summary>
    internal bool NeedsThread(long now)
    {
        lock (_gate)
        {
            if (now >= _refusedUntil)
            {
                _refusedUntil = null;
                _book.LimitTo(_settings.Limit);
            }
            return MayMake && (_book.Stuck > 0 || _book.Serving + _book.Stuck < _settings.Threads
                || (_longWork.NeedsThread && !_pace.MayWait(_book.Alive, now)));
        }
    }

    /// <summary>
    /// No thread can be had, and for a while none is asked for. The runtime, which ends the process when it gets no thread, finds room for its
    /// own once ours are fewer. The watchdog's.
    /// </summary>
    /// <param name="now">The time in milliseconds.</param>
    /// <param name="missing">How many of ours must end for that.</param>
    internal void BackOff(long now, int missing)
    {
        lock (_gate)
        {
            _refusedUntil = now + RefusedFor;
            foreach (var worker in _book.LimitTo(Math.Max(_book.Alive - missing, _settings.Threads + _settings.Spare)))
                worker.Call();
            CallForLongWork();
        }
    }

    /// <summary>Has the places of threads that are held up taken by parked ones. The watchdog's.</summary>
    /// <returns>Whether any thread was at work.</returns>
    internal bool Look(long now)
    {
        lock (_gate)
        {
            _pace.Look(now);
            var (isBusy, isHeld) = (false, false);
            foreach (var worker in _workers)
            {
                var work = worker.Work;
                if (!LoopWorker.IsAtWork(work))
                    continue;
                isBusy = true;
                if (!_judge.IsHeldUp(worker, work, now))
                    continue;
                _longWork.ReturnLane(worker);
                if (worker.State != LoopState.Serving)
                    continue;
                isHeld = true;
                _book.Hold(worker)?.Call();
            }
            if (isHeld)
            {
                _judge.Hasten(now);
                RebuildFront();
            }
            CallForLongWork();
            return isBusy;
        }
    }

    /// <summary>Whether a thread was held up a short while ago. The watchdog's.</summary>
    internal bool IsInHaste(long now) => _judge.IsInHaste(now);

    /// <summary>A thread ends.</summary>
    internal void Remove(LoopWorker worker)
    {
        worker.Status?.Dispose();
        lock (_gate)
        {
            _workers.Remove(worker);
            RebuildFront();
        }
        _settings.OnThreadEnded();
    }

    /// <summary>Has the threads end as they come back from their work.</summary>
    /// <returns>False when they were told before.</returns>
    internal bool TryEnd()
    {
        lock (_gate)
        {
            if (_isEnding)
                return false;
            Volatile.Write(ref _isEnding, true);
            _workers.ForEach(static worker => worker.Call());
            return true;
        }
    }

    private void Begin(LoopWorker worker, bool keepsStatusOpen)
    {
        LoopWorker.Current = worker;
        worker.Status = LoopThread.Current(keepsStatusOpen, () => _settings.Refuses(Scarce.File));
        _body(worker);
    }

    // The functions from here on are called under the lock.
    private bool MayMake => _book.MayMake && _refusedUntil is null;

    private void RebuildFront() => Volatile.Write(
        ref _front, [.. _workers.Where(worker => worker.State is LoopState.Serving or LoopState.Stuck || !worker.Batch.IsEmpty)]);

    /// <summary>
    /// Has as many threads called as there is long work that may go on. When there is none, and none can be made, those that serve do it.
    /// </summary>
    private void CallForLongWork()
    {
        while (_longWork.NeedsThread)
        {
            if (_book.Call() is { } worker)
            {
                _longWork.OnCalled(worker);
                worker.Call();
                continue;
            }
            // the watchdog makes one; it may be asleep, since nobody else is at work
            if (MayMake)
                _wakeWatchdog();
            Volatile.Write(ref _isShort, !MayMake && !_longWork.IsThreadComing && !_workers.Exists(WillComeBack));
            if (_isShort)
                _wakeServing();
            return;
        }
    }

    private bool WillComeBack(LoopWorker worker) => worker.State == LoopState.Aside && worker.IsBusy && !_judge.IsLate(worker);
}
