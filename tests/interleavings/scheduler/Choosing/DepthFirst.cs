namespace Http2.Interleavings;

/// <summary>Takes every schedule, one after the other, in which strands are preempted so often at most, or delayed so often at most.</summary>
/// <param name="bound">How often; a deadline that passes while somebody can go on counts as well.</param>
/// <param name="countsDelays">
/// Whether it also counts when one ends or waits and another goes on than the next in turn: a smaller bound for many strands.
/// </param>
internal sealed class DepthFirst(int bound, bool countsDelays) : IChooser
{
    // Each choice of the run: where it was made, what was taken, and how many options were allowed.
    private readonly List<(int Step, int Chosen, int Allowed)> _path = [];
    private int _at, _left;

    public IEnumerable<Turn> Turns => _path.Where(static made => made.Chosen > 0).Select(static made => new Turn(made.Step, made.Chosen));

    public void Begin() => (_at, _left) = (0, bound);

    public bool GoesOn(int step) => _left == 0;

    public int Choose(in Choice choice)
    {
        var free = countsDelays ? 1 : choice.Free;
        var allowed = _left > 0 ? choice.Options.Count : free;
        if (allowed <= 1)
            return 0;
        if (_at == _path.Count)
            _path.Add((choice.Step, 0, allowed));
        var made = _path[_at++];
        if (made.Step != choice.Step || made.Allowed != allowed)
            throw new ScenarioFailedException(
                $"The scenario does not repeat itself: at step {made.Step} there were {made.Allowed} options, now there are {allowed} at step {choice.Step}.");
        if (made.Chosen >= free)
            _left--;
        return made.Chosen;
    }

    /// <summary>Goes on to the next schedule.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveOn()
    {
        // a run that has failed may have ended early
        _path.RemoveRange(_at, _path.Count - _at);
        while (_path.Count > 0)
        {
            var (step, chosen, allowed) = _path[^1];
            if (chosen + 1 < allowed)
            {
                _path[^1] = (step, chosen + 1, allowed);
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }
}
