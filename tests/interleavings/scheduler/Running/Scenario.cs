namespace Http2.Interleavings;

/// <summary>What a scenario does with its run: adds strands, waits for them, and checks what came of it. Calls come from its strands.</summary>
public sealed class Scenario
{
    private readonly Schedule _schedule;

    internal Scenario(Schedule schedule) => _schedule = schedule;

    /// <summary>The time in milliseconds, which is the scenario's own.</summary>
    public long Now => _schedule.Now;

    /// <summary>How many milliseconds have passed because nobody could go on: what a look of a watch has to mend, for instance.</summary>
    public long Idle => _schedule.Idle;

    /// <summary>The sockets of the run.</summary>
    public Kernel Kernel => Kernel.OfRun(_schedule);

    /// <summary>Adds a strand; <see cref="WaitForAll"/> waits for its end.</summary>
    public void Run(string name, Action body) => _schedule.Add(name, isBackground: false, body);

    /// <summary>Waits until all strands have ended, pieces of work of the pool too, but for threads that are in the background.</summary>
    public void WaitForAll()
    {
        var me = Strand.Current!;
        _schedule.Wait(me, "the end of all others", () => _schedule.IsQuiet(me), -1);
    }

    /// <summary>Waits until something is so.</summary>
    /// <param name="what">What, in words.</param>
    /// <param name="isSo">Whether it is; looks only, and calls nothing of the product that synchronises.</param>
    public void WaitUntil(string what, Func<bool> isSo) => _schedule.Wait(Strand.Current!, what, isSo, -1);

    /// <summary>Waits for so many milliseconds, or longer.</summary>
    public void Pause(long milliseconds) => _schedule.Wait(Strand.Current!, "time to pass", static () => false, milliseconds);

    /// <summary>Something happens that other strands can see: they may go on first.</summary>
    /// <param name="what">What, in words.</param>
    public void Step(string what)
    {
        var me = Strand.Current!;
        _schedule.Step(me);
        _schedule.Tell(me, what);
    }

    /// <summary>Ends the run as failed unless something is so.</summary>
    /// <param name="isSo">What must be so.</param>
    /// <param name="otherwise">What is said when it is not.</param>
    public void Check(bool isSo, string otherwise)
    {
        if (!isSo)
            _schedule.Fail(new ScenarioFailedException(otherwise));
    }
}
