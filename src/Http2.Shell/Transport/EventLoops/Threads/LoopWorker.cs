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

/// <summary>One thread of the event loops.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopWorker : BookedThread
{
    internal LoopWorker(EventLoops loops)
    {
        Loops = loops;
        // until it has its place
        State = LoopState.Parked;
    }

    /// <summary>Whose thread it is.</summary>
    internal EventLoops Loops { get; }

    /// <summary>The worker whose thread this is.</summary>
    [ThreadStatic]
    internal static LoopWorker? Current;

    internal readonly ReadyBatch Batch = new();

    /// <summary>Wakes the thread when it is parked.</summary>
    internal readonly AutoResetEvent Call = new(false);

    /// <summary>How large a batch may be; the thread's own, as is what it learns from.</summary>
    internal BatchSize Size;

    /// <summary>When the last batch came.</summary>
    internal long Began;

    /// <summary>How many reports were worked through since.</summary>
    internal int Done;

    /// <summary>How many queued pieces of work were done since the thread last looked for reports.</summary>
    internal int QueuedInARow;

    /// <summary>Whether the thread waits for reports, or is about to; it looks at the queue after it has set this.</summary>
    internal volatile bool IsWaiting;

    /// <summary>What the watchdog saw of the piece of work at hand, if it is a long one.</summary>
    internal volatile WorkWeight Seen;

    /// <summary>Whether it was called for long work and has not come for it yet. Under the loops' lock.</summary>
    internal bool IsCalled;

    /// <summary>Whether it is one of the few that may compute for long at a time. Under the loops' lock.</summary>
    internal bool HasLane;

    /// <summary>The thread itself, once it runs.</summary>
    internal volatile LoopThread? Thread;

    // The watchdog's: which piece of work it saw, since when, and whether it has asked the kernel about it.
    internal long SeenWork;
    internal long SeenSince;
    internal bool IsAsked;

    private long _work;

    /// <summary>The number of the piece of work at hand: odd while the thread is at it, even between two.</summary>
    internal long Work => Volatile.Read(ref _work);

    internal void BeginWork() => Volatile.Write(ref _work, _work + 1);

    internal void EndWork() => Volatile.Write(ref _work, _work + 1);
}
