using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A system whose time passes when it is told to, and whose threads run when a test runs them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class VirtualSystem : LoopSystem
{
    public long Milliseconds { get; set; } = 1_000_000;

    /// <summary>What was started and is not run.</summary>
    public List<Action> Threads { get; } = [];

    public List<int> Slept { get; } = [];

    /// <summary>How many threads the system gives before it refuses.</summary>
    public int ThreadsLeft { get; set; } = int.MaxValue;

    internal override long Ticks => Milliseconds * (Stopwatch.Frequency / 1000);

    internal override bool TryStart(Action work, string name)
    {
        if (ThreadsLeft == 0)
            return false;
        ThreadsLeft--;
        Threads.Add(work);
        return true;
    }

    internal override void Sleep(int milliseconds)
    {
        Slept.Add(milliseconds);
        Milliseconds += milliseconds;
    }
}

/// <summary>A thread of which the test says whether it waits.</summary>
internal sealed class StatedStatus : IThreadStatus
{
    public bool Waits { get; set; }

    public int Asked { get; private set; }

    public bool IsWaiting()
    {
        Asked++;
        return Waits;
    }

    public void Dispose()
    {
    }
}

/// <summary>Work that counts how often it was run.</summary>
internal sealed class CountedWork : IThreadPoolWorkItem
{
    public int Runs { get; private set; }

    public Action Then { get; set; } = static () => { };

    public void Execute()
    {
        Runs++;
        Then();
    }
}

/// <summary>A crew whose threads do nothing by themselves: the test plays what they do.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PlayedCrew
{
    public PlayedCrew(int threads, int spare, int limit)
    {
        Settings = new LoopSettings(threads) { Spare = spare, Limit = limit, System = System, OnThreadEnded = () => ThreadsEnded++ };
        Crew = new LoopCrew(Settings, Workers.Add, () => WatchdogWakes++, () => ServingWakes++);
        for (var i = 0; i < threads + spare; i++)
            Make();
    }

    public VirtualSystem System { get; } = new();

    public LoopSettings Settings { get; }

    public LoopCrew Crew { get; }

    /// <summary>Its threads in the order in which they began.</summary>
    public List<LoopWorker> Workers { get; } = [];

    public int ThreadsEnded { get; private set; }

    public int WatchdogWakes { get; private set; }

    public int ServingWakes { get; private set; }

    public LoopWorker Make()
    {
        Assert.True(Crew.TryMake());
        return Begin();
    }

    /// <summary>The thread that was made last begins.</summary>
    public LoopWorker Begin()
    {
        System.Threads[^1]();
        Workers[^1].Status?.Dispose();
        Workers[^1].Status = new StatedStatus();
        return Workers[^1];
    }

    /// <summary>A thread begins a piece of work in which it waits, and the watchdog sees that.</summary>
    public void Hold(LoopWorker worker)
    {
        ((StatedStatus)worker.Status!).Waits = true;
        worker.BeginWork();
        Assert.True(Crew.Look(System.Milliseconds));
        System.Milliseconds += WorkJudge.StuckAfter;
        Assert.True(Crew.Look(System.Milliseconds));
    }
}
