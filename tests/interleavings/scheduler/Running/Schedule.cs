namespace Http2.Interleavings;

/// <summary>
/// One run of a scenario. One strand runs at a time; before each operation on what strands share, and whenever one has to wait, the chooser
/// says who goes on. Time is a number that moves when everybody waits, or when the chooser lets a deadline pass. So the choices determine all
/// that happens.
/// </summary>
internal sealed class Schedule
{
    private const int MostStepsWhileEnding = 100_000;

    private static Schedule? s_running;

    private readonly IChooser _chooser;
    private readonly Story? _story;
    private readonly int _mostSteps;
    private readonly List<Strand> _strands = [];
    private readonly List<Strand> _options = [];
    private readonly ManualResetEventSlim _isOver = new(false);
    private bool _isEnding, _anySpins;
    private int _stepsWhileEnding;

    private Schedule(IChooser chooser, Story? story, int mostSteps) => (_chooser, _story, _mostSteps) = (chooser, story, mostSteps);

    /// <summary>What went wrong, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How many times somebody was let go on.</summary>
    public int Steps { get; private set; }

    /// <summary>The time in milliseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    /// <summary>How many milliseconds have passed because nobody could go on.</summary>
    public long Idle { get; private set; }

    /// <summary>Whether what happens is written down.</summary>
    public bool IsTold => _story is not null && !_isEnding;

    /// <summary>What belongs to this run alone: the memory of the kernel that stands in for the real one, for instance.</summary>
    public Dictionary<Type, object> Things { get; } = [];

    /// <summary>Runs a scenario once.</summary>
    /// <param name="scenario">What to run; its own strand is called "test".</param>
    /// <param name="chooser">Who says which strand goes on.</param>
    /// <param name="mostSteps">After so many steps the run counts as endless.</param>
    /// <param name="story">Where what happens is written down, or null.</param>
    public static Schedule Run(Action<Scenario> scenario, IChooser chooser, int mostSteps, Story? story = null)
    {
        var schedule = new Schedule(chooser, story, mostSteps);
        Resets.Process();
        chooser.Begin();
        var root = schedule.Add("test", isBackground: false, () => scenario(new Scenario(schedule)));
        s_running = schedule;
        root.Baton.Give();
        schedule._isOver.Wait();
        s_running = null;
        return schedule;
    }

    /// <summary>A thread that is no strand does what strands share: nothing that follows can be relied on.</summary>
    public static void Escape()
    {
        if (s_running is { _isEnding: false } schedule)
            schedule.Failure ??= new ScenarioFailedException($"A thread that is no strand takes part: {Environment.StackTrace}");
    }

    /// <summary>Adds a strand, which runs when it is chosen.</summary>
    public Strand Add(string name, bool isBackground, Action body)
    {
        var strand = new Strand(this, _strands.Count, name, isBackground, body);
        _strands.Add(strand);
        Workers.Run(strand);
        return strand;
    }

    /// <summary>Whether all strands have ended that the scenario waits for, the one that asks apart.</summary>
    public bool IsQuiet(Strand asking) => _strands.TrueForAll(strand => strand.IsDone || strand.IsBackground || strand == asking);

    /// <summary>An operation on what strands share is about to happen: somebody else may go on first.</summary>
    public void Step(Strand me)
    {
        if (!MayStep())
            return;
        me.RanAt = Steps;
        if (_chooser.GoesOn(Steps) && !_anySpins)
            return;
        HandOver(me, Choose(me, canGoOn: true));
    }

    /// <summary>The strand can do nothing but try again when others have done something. Others go on in turn: nothing is chosen.</summary>
    public void Spin(Strand me)
    {
        if (_isEnding)
            throw new StrandStoppedException();
        if (!MayStep())
            return;
        (me.IsSpinning, _anySpins) = (true, true);
        var next = _strands.Where(strand => strand != me && strand.IsReady).MinBy(strand => strand.RanAt);
        if (next is null && (next = Sleeper()) is not null)
            PassTime(next, isNeeded: true);
        // with nobody else it tries again at once, and does so for ever when what it spins for does not come
        HandOver(me, next ?? me);
        me.IsSpinning = false;
    }

    /// <summary>The strand waits.</summary>
    /// <param name="me">The strand that calls.</param>
    /// <param name="what">What for, in words.</param>
    /// <param name="isSo">When it may go on.</param>
    /// <param name="milliseconds">How long at most; -1 without end.</param>
    /// <returns>Whether it is so.</returns>
    public bool Wait(Strand me, string what, Func<bool> isSo, long milliseconds)
    {
        Step(me);
        if (isSo())
            return true;
        if (_isEnding)
            throw new StrandStoppedException();
        if (milliseconds == 0)
            return false;
        me.BeginWait(what, isSo, milliseconds < 0 ? long.MaxValue : Now + milliseconds);
        Tell(me, $"waits for {what}{(milliseconds < 0 ? "" : $" for at most {milliseconds} ms")}");
        MayStep();
        HandOver(me, Choose(me, canGoOn: false));
        me.EndWait();
        return !me.HasTimedOut;
    }

    /// <summary>Ends the run with a failure.</summary>
    public void Fail(Exception failure)
    {
        if (failure is StrandStoppedException && _isEnding)
            return;
        Failure ??= failure;
        _isEnding = true;
        throw new StrandStoppedException();
    }

    /// <summary>Runs the body of a strand that was let go on; on its thread.</summary>
    public void Begin(Strand me)
    {
        if (_isEnding)
            return;
        try
        {
            me.Body();
        }
        catch (StrandStoppedException)
        {
            // the run is over
        }
        catch (Exception failure)
        {
            Failure ??= failure;
            _isEnding = true;
        }
    }

    /// <summary>A strand has ended: somebody else goes on, or the run is over.</summary>
    public void End(Strand me)
    {
        me.IsDone = true;
        _isEnding |= me.Number == 0;
        Strand? next = null;
        if (!_isEnding)
        {
            Tell(me, "ends");
            try
            {
                next = Choose(me, canGoOn: false);
            }
            catch (StrandStoppedException)
            {
                // nobody can go on, which is a failure
            }
        }
        next ??= _strands.Find(strand => !strand.IsDone);
        if (next is null)
            _isOver.Set();
        else
            next.Baton.Give();
    }

    /// <summary>Writes down what a strand does.</summary>
    public void Tell(Strand me, string what)
    {
        if (IsTold)
            _story!.Tell(Now, me.Name, what);
    }

    private bool MayStep()
    {
        if (_isEnding)
        {
            if (++_stepsWhileEnding > MostStepsWhileEnding)
                throw new StrandStoppedException();
            return false;
        }
        if (++Steps > _mostSteps)
            Fail(new ScenarioFailedException($"It is not over after {_mostSteps} steps."));
        return true;
    }

    private Strand Choose(Strand me, bool canGoOn)
    {
        if (_anySpins)
            StopSpinning(me);
        _options.Clear();
        if (canGoOn)
            _options.Add(me);
        for (var i = 1; i < _strands.Count; i++)
        {
            if (_strands[(me.Number + i) % _strands.Count] is { IsReady: true } other)
                _options.Add(other);
        }
        var ready = _options.Count;
        if (Sleeper() is { } sleeper)
            _options.Add(sleeper);
        if (_options.Count == 0)
            Fail(new ScenarioFailedException($"Nobody can go on.{Waiting()}"));
        var chosen = _options.Count == 1 ? 0 : _chooser.Choose(new Choice(Steps, _options, canGoOn, EndsWithTime: _options.Count > ready));
        if (chosen >= ready)
            PassTime(_options[chosen], isNeeded: ready == 0);
        return _options[chosen];
    }

    private void PassTime(Strand sleeper, bool isNeeded)
    {
        sleeper.HasTimedOut = true;
        if (isNeeded)
            Idle += Math.Max(sleeper.Deadline - Now, 0);
        Now = Math.Max(Now, sleeper.Deadline);
    }

    // Time goes forward only, so the first deadline comes first.
    private Strand? Sleeper()
    {
        Strand? first = null;
        foreach (var strand in _strands)
        {
            if (!strand.IsDone && strand.Deadline < (first?.Deadline ?? long.MaxValue) && !strand.IsReady)
                first = strand;
        }
        return first;
    }

    private void StopSpinning(Strand me)
    {
        _anySpins = false;
        foreach (var strand in _strands)
        {
            if (strand != me)
                strand.IsSpinning = false;
        }
    }

    private void HandOver(Strand me, Strand next)
    {
        if (next == me)
            return;
        next.Baton.Give();
        me.Baton.Await();
        if (_isEnding)
            throw new StrandStoppedException();
    }

    private string Waiting() => string.Concat(_strands.Where(strand => !strand.IsDone).Select(
        strand => $"\n  {strand.Name} {(strand.WaitsFor is null ? "spins" : $"waits for {strand.WaitsForWhat}")}"));
}

/// <summary>What a scenario asks for is not so.</summary>
public sealed class ScenarioFailedException(string message) : Exception(message);
