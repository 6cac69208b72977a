namespace Http2.Interleavings;

/// <summary>Says which strand goes on, in one run after the other.</summary>
internal interface IChooser
{
    /// <summary>A run begins.</summary>
    void Begin();

    /// <summary>Whether the strand that runs goes on at this step whoever else could: then nobody else is looked for.</summary>
    bool GoesOn(int step);

    /// <summary>Chooses one of two or more.</summary>
    /// <returns>The place in <see cref="Choice.Options"/>.</returns>
    int Choose(in Choice choice);
}

/// <summary>Who may go on.</summary>
/// <param name="Step">The number of the step.</param>
/// <param name="Options">The strands; those that can go on, and then one whose deadline would have to pass.</param>
/// <param name="CanGoOn">Whether the first of them is the one that has run so far, so that any other preempts it.</param>
/// <param name="EndsWithTime">Whether the last of them goes on only when its deadline passes.</param>
internal readonly record struct Choice(int Step, IReadOnlyList<Strand> Options, bool CanGoOn, bool EndsWithTime)
{
    /// <summary>How many options, the first ones, cost no preemption.</summary>
    public int Free => CanGoOn ? 1 : Options.Count - (EndsWithTime && Options.Count > 1 ? 1 : 0);
}

/// <summary>Where a run differs from the one in which nobody is preempted: enough to repeat it.</summary>
/// <param name="Step">The number of the step.</param>
/// <param name="Chosen">The option that is taken there instead of the first.</param>
internal readonly record struct Turn(int Step, int Chosen)
{
    public override string ToString() => $"{Step}:{Chosen}";

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    public static IReadOnlyList<Turn> Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split(':'))
            .Select(static part => new Turn(Number(part[0]), Number(part[1])))];

    public static string Write(IEnumerable<Turn> turns) => string.Join(' ', turns);

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
