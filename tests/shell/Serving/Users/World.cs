using System.Collections.Concurrent;

namespace Http2.Shell.Tests;

/// <summary>
/// Time that is a number, and all that happens in it, one after the other on the calling thread: what connections have scheduled comes first, then
/// what is due next. Nothing else decides what happens, so a run that fails fails again.
/// </summary>
internal sealed class World : TimeProvider
{
    // What goes on for longer goes on for ever.
    private const long MostSteps = 20_000_000;

    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();
    private readonly PriorityQueue<Due, (long At, long Order)> _due = new();
    private readonly Lock _gate = new();
    private long _now = 1_000_000;
    private long _steps;
    private long _order;

    public World() => Scheduler = new Queueing(_work);

    /// <summary>The time in milliseconds.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Whether a connection waits for its turn.</summary>
    public bool HasWork => !_work.IsEmpty;

    /// <summary>Where connections run that nobody runs at once.</summary>
    public ConnectionScheduler Scheduler { get; }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorldTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Something happens in so many milliseconds, behind what was to happen then before.</summary>
    public void After(long milliseconds, Action happens) => Add(new Due(happens), milliseconds);

    /// <summary>A task that ends in so many milliseconds; what waits for it goes on at once.</summary>
    public Task DelayAsync(long milliseconds)
    {
        var delay = new TaskCompletionSource();
        After(milliseconds, delay.SetResult);
        return delay.Task;
    }

    /// <summary>Goes on until something is so; may be called from within what happens, as by a handler that blocks.</summary>
    /// <param name="isSo">What to wait for.</param>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>Whether it is so.</returns>
    public bool RunUntil(Func<bool> isSo, long milliseconds)
    {
        var until = Now + milliseconds;
        while (!isSo())
        {
            if (++_steps > MostSteps)
                throw new InvalidOperationException($"It is not over after {MostSteps} steps.");
            if (_work.TryDequeue(out var work))
                work.Execute();
            else if (TakeNext(until) is { } next)
                next.Happens();
            else
                return isSo();
        }
        return true;
    }

    private Due? TakeNext(long until)
    {
        lock (_gate)
        {
            while (_due.TryPeek(out var next, out var when))
            {
                if (!next.IsCalledOff && when.At > until)
                    break;
                _due.Dequeue();
                if (next.IsCalledOff)
                    continue;
                _now = Math.Max(_now, when.At);
                return next;
            }
            _now = Math.Max(_now, until);
            return null;
        }
    }

    private void Add(Due due, long milliseconds)
    {
        lock (_gate)
            _due.Enqueue(due, (_now + Math.Max(milliseconds, 0), _order++));
    }

    private sealed class Due(Action happens)
    {
        public Action Happens { get; } = happens;

        public bool IsCalledOff { get; set; }
    }

    private sealed class WorldTimer(World world, Action fire) : ITimer
    {
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (world._gate)
            {
                _due?.IsCalledOff = true;
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : new Due(fire);
                if (_due is not null)
                    world.Add(_due, (long)Math.Ceiling(dueTime.TotalMilliseconds));
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    // The watch over threads knows no virtual time.
    private sealed class Queueing(ConcurrentQueue<IThreadPoolWorkItem> work) : ConnectionScheduler
    {
        public override void Schedule(IThreadPoolWorkItem connection) => work.Enqueue(connection);

        public override void KeepWatched()
        {
            // nobody is woken
        }
    }
}
