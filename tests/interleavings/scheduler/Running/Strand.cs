namespace Http2.Interleavings;

/// <summary>A thread of a scenario. It runs only while the schedule lets it, on a thread that is its own for that time.</summary>
internal sealed class Strand(Schedule schedule, int number, string name, bool isBackground, Action body)
{
    [ThreadStatic]
    private static Strand? t_current;

    /// <summary>The strand that the calling thread runs; null on every other thread.</summary>
    public static Strand? Current
    {
        get => t_current;
        set => t_current = value;
    }

    public Schedule Schedule { get; } = schedule;

    /// <summary>Its place in the order in which strands were made; the same in each run of the same schedule.</summary>
    public int Number { get; } = number;

    public string Name { get; } = name;

    /// <summary>Whether the scenario may be over while it still runs.</summary>
    public bool IsBackground { get; set; } = isBackground;

    public Action Body { get; } = body;

    /// <summary>Lets it go on.</summary>
    public Baton Baton { get; set; } = null!;

    public bool IsDone { get; set; }

    /// <summary>Whether it is a thread of the pool, as far as the code that it runs can tell.</summary>
    public bool IsPoolThread { get; set; }

    /// <summary>What it waits for: it can go on once this answers true. Null while it waits for nothing.</summary>
    public Func<bool>? WaitsFor { get; private set; }

    /// <summary>The same in words.</summary>
    public string WaitsForWhat { get; private set; } = "";

    /// <summary>When it goes on although that is not so; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>Whether its last wait ended with the deadline.</summary>
    public bool HasTimedOut { get; set; }

    /// <summary>Whether it spins: it goes on when another strand has done something.</summary>
    public bool IsSpinning { get; set; }

    /// <summary>The step at which it was let go on last.</summary>
    public int RanAt { get; set; }

    /// <summary>Whether it can go on now.</summary>
    public bool IsReady => !IsDone && !IsSpinning && (WaitsFor is null || WaitsFor());

    /// <summary>The twin of <see cref="System.Threading.Thread"/> that stands for it.</summary>
    public Twins.Thread? Thread { get; set; }

    public void BeginWait(string what, Func<bool> isSo, long deadline) =>
        (WaitsFor, WaitsForWhat, Deadline, HasTimedOut) = (isSo, what, deadline, false);

    public void EndWait() => (WaitsFor, WaitsForWhat, Deadline) = (null, "", long.MaxValue);
}

/// <summary>Unwinds a strand whose schedule is over. The rewriting sees to it that the product cannot catch it.</summary>
internal sealed class StrandStoppedException : Exception;
