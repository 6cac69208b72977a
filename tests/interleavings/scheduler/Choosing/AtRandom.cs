namespace Http2.Interleavings;

/// <summary>What choosers by chance have in common: a run can be repeated from the turns that it took.</summary>
internal abstract class AtRandom(int seed) : IChooser
{
    private readonly List<Turn> _turns = [];

    public IReadOnlyList<Turn> Turns => _turns;

    protected Random Chance { get; } = new(seed);

    public virtual void Begin() => _turns.Clear();

    public abstract bool GoesOn(int step);

    public int Choose(in Choice choice)
    {
        var chosen = Pick(choice);
        if (chosen > 0)
            _turns.Add(new Turn(choice.Step, chosen));
        return chosen;
    }

    protected abstract int Pick(in Choice choice);
}

/// <summary>At any step anybody may go on, more often in some runs than in others.</summary>
internal sealed class RandomWalk(int seed) : AtRandom(seed)
{
    private double _often;

    public override void Begin()
    {
        base.Begin();
        _often = Math.Pow(2, -1 - Chance.Next(6));
    }

    public override bool GoesOn(int step) => Chance.NextDouble() >= _often;

    protected override int Pick(in Choice choice)
    {
        // deadlines seldom: else nothing but deadlines would be seen
        var count = choice.EndsWithTime && choice.Options.Count > 1 && Chance.Next(4) > 0 ? choice.Options.Count - 1 : choice.Options.Count;
        return Chance.Next(count);
    }
}

/// <summary>
/// Strands have priorities by chance, and the highest that can go on does; at so many steps by chance the one that runs becomes the lowest. A
/// fault that needs that many such steps is found with a chance that can be stated (Burckhardt and others, ASPLOS 2010).
/// </summary>
/// <param name="seed">Where chance begins.</param>
/// <param name="changes">How many steps.</param>
/// <param name="length">How many steps a run has, about.</param>
internal sealed class ByPriority(int seed, int changes, int length) : AtRandom(seed)
{
    private readonly Dictionary<int, int> _priorities = [];
    private readonly HashSet<int> _changeAt = [];
    private int _lowest;

    public override void Begin()
    {
        base.Begin();
        _priorities.Clear();
        _changeAt.Clear();
        _lowest = 0;
        for (var i = 0; i < changes; i++)
            _changeAt.Add(Chance.Next(1, Math.Max(length, 2)));
    }

    public override bool GoesOn(int step) => false;

    protected override int Pick(in Choice choice)
    {
        var changes = _changeAt.Contains(choice.Step);
        if (changes && choice.EndsWithTime && Chance.Next(3) == 0)
            return choice.Options.Count - 1;
        if (changes && choice.CanGoOn)
            _priorities[choice.Options[0].Number] = --_lowest;
        var best = 0;
        var count = choice.EndsWithTime && choice.Options.Count > 1 ? choice.Options.Count - 1 : choice.Options.Count;
        for (var i = 1; i < count; i++)
        {
            if (PriorityOf(choice.Options[i]) > PriorityOf(choice.Options[best]))
                best = i;
        }
        return best;
    }

    private int PriorityOf(Strand strand)
    {
        if (!_priorities.TryGetValue(strand.Number, out var priority))
            _priorities[strand.Number] = priority = Chance.Next(1, int.MaxValue);
        return priority;
    }
}
