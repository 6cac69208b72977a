using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>How long a source's work takes, by what it did last.</summary>
internal enum WorkWeight : byte
{
    /// <summary>A moment, or nothing is known: done where its report comes in.</summary>
    Light,

    /// <summary>It computes for long.</summary>
    Computes,

    /// <summary>It blocks its thread.</summary>
    Waits,
}

/// <summary>What others know of one thread of the event loops, and what they tell it. What only the thread needs is in <see cref="EventLoop"/>.</summary>
/// <param name="crew">The threads that it belongs to.</param>
[SupportedOSPlatform("linux")]
internal sealed class LoopWorker(LoopCrew crew) : BookedThread
{
    private readonly AutoResetEvent _call = new(false);
    private bool _isWaiting;
    private byte _seen;
    private IReadiness? _source;
    private IThreadStatus? _status;
    private long _work;

    /// <summary>The worker whose thread this is.</summary>
    [ThreadStatic]
    internal static LoopWorker? Current;

    /// <summary>The threads that it belongs to.</summary>
    internal LoopCrew Crew { get; } = crew;

    /// <summary>The reports that the thread took and has not begun.</summary>
    internal ReadyBatch Batch { get; } = new();

    /// <summary>Whether the thread waits for reports, or is about to; it looks at the queue after it has set this.</summary>
    internal bool IsWaiting
    {
        get => Volatile.Read(ref _isWaiting);
        set => Volatile.Write(ref _isWaiting, value);
    }

    /// <summary>What the watchdog saw of the piece of work at hand, if it is a long one.</summary>
    internal WorkWeight Seen
    {
        get => (WorkWeight)Volatile.Read(ref _seen);
        set => Volatile.Write(ref _seen, (byte)value);
    }

    /// <summary>Whose report the thread is at, if it is at one.</summary>
    internal IReadiness? Source
    {
        get => Volatile.Read(ref _source);
        set => Volatile.Write(ref _source, value);
    }

    /// <summary>What the kernel says of the thread, once it runs.</summary>
    internal IThreadStatus? Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }

    /// <summary>The number of the piece of work at hand, which no other has; even while the thread is between two.</summary>
    internal long Work => Volatile.Read(ref _work);

    /// <summary>Whether the thread is at a piece of work.</summary>
    internal bool IsBusy => IsAtWork(Work);

    /// <summary>Whether a piece of work of this number is one that the thread is at.</summary>
    internal static bool IsAtWork(long work) => (work & 1) == 1;

    /// <summary>Whether it was called for long work and has not come for it yet. Under the crew's lock.</summary>
    internal bool IsCalled;

    /// <summary>Whether it is one of the few that may compute for long at a time. Under the crew's lock.</summary>
    internal bool HasLane;

    // The watchdog's (WorkJudge): which piece of work it saw, since when, and whether it has asked the kernel about it.
    internal long SeenWork;
    internal long SeenSince;
    internal bool IsAsked;

    /// <summary>
    /// The watchdog sees that the piece of work at hand is a long one. Its source is noted at once: more reports of it may come before the
    /// piece has ended.
    /// </summary>
    internal void See(WorkWeight weight)
    {
        Seen = weight;
        Source?.Note(weight);
    }

    /// <summary>The thread begins a piece of work.</summary>
    internal void BeginWork() => Volatile.Write(ref _work, _work + 1);

    /// <summary>The thread has finished it.</summary>
    internal void EndWork() => Volatile.Write(ref _work, _work + 1);

    /// <summary>Wakes the thread when it is parked, or once it is about to be.</summary>
    internal void Call() => _call.Set();

    /// <summary>The thread sleeps until it is called.</summary>
    /// <returns>False when it was not called for so many milliseconds.</returns>
    internal bool WaitForCall(int milliseconds) => _call.WaitOne(milliseconds);
}
