namespace Http2.Interleavings;

/// <summary>Repeats a run.</summary>
/// <param name="turns">Where it differs from the one in which nobody is preempted.</param>
internal sealed class Recorded(IReadOnlyList<Turn> turns) : IChooser
{
    private readonly Dictionary<int, int> _turns = turns.ToDictionary(static turn => turn.Step, static turn => turn.Chosen);

    public void Begin()
    {
        // the same each time
    }

    public bool GoesOn(int step) => !_turns.ContainsKey(step);

    public int Choose(in Choice choice) => _turns.TryGetValue(choice.Step, out var chosen) ? Math.Min(chosen, choice.Options.Count - 1) : 0;
}
