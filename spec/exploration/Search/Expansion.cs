using Http2.Pure;

namespace Http2.Exploration;

/// <summary>A state that a step led to. Immutable.</summary>
/// <param name="Letter">The index of the letter.</param>
/// <param name="Digest">What the state counts as.</param>
/// <param name="Situation">The state.</param>
internal readonly record struct Successor(int Letter, UInt128 Digest, Situation Situation);

/// <summary>Every step from one state: each is judged, and what it leads to is collected. Used by one thread.</summary>
internal sealed class Expansion(ExplorationSettings settings, Func<UInt128, (bool IsKnown, Situation? State)> known, DigestWriter writer)
{
    // How many steps there are for each that is done again in other ways.
    private const ulong StepsForEachRepetition = 8;

    /// <summary>The states that were not known before.</summary>
    public List<Successor> New { get; } = [];

    /// <summary>What is wrong, and the letter by which it shows.</summary>
    public List<(int Letter, string Problem)> Problems { get; } = [];

    /// <summary>How many commands were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>How many steps were judged.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes all steps from a state.</summary>
    public void Expand(Situation from)
    {
        // The model says nothing of what comes behind the end; that nothing is taken there it has seen.
        if (from.Model is { IsOver: true })
            return;
        for (var letter = 0; letter < settings.Alphabet.Letters.Count; letter++)
        {
            try
            {
                if (Take(from, letter) is { } problem)
                    Problems.Add((letter, problem));
            }
            // Whatever the exception is, it must not be: every transition is total.
            catch (Exception failure)
            {
                Problems.Add((letter, $"{failure.GetType().Name}: {failure.Message} {failure.StackTrace?.Split('\n')[0].Trim()}"));
            }
        }
    }

    private string? Take(Situation from, int letter)
    {
        var (how, command) = (settings.Alphabet.Letters[letter], settings.Alphabet.Letters[letter].Command);
        if (how.In(from) is not { } input)
            return null;
        Steps++;
        var model = from.Model?.Copy();
        var isTaken = Connection.TrySubmit(from.Fold, input, out var step, out var refusal);
        if (model is not null && model.Follow(command!, from.Fold, step, refusal) is { } parting)
            return parting;
        if (!isTaken)
        {
            Refused++;
            return null;
        }
        var transition = new TracedStep(from, input, step!);
        var now = input switch { Input.Tick tick => tick.Now, _ => from.Now };
        var next = new Situation(step!.State, now, model);
        if ((EventRules.Judge(transition) ?? OutputRules.Judge(transition) ?? settings.Also(transition)) is { } wrong)
            return wrong;
        return Reach(transition, letter, next);
    }

    private string? Reach(TracedStep step, int letter, Situation next)
    {
        var digest = next.Digest(writer);
        var dice = (ulong)digest ^ ((ulong)letter * 0x9e3779b97f4a7c15);
        var other = settings.Alphabet.Letters[(int)(dice % (ulong)settings.Alphabet.Letters.Count)];
        if (dice / 64 % StepsForEachRepetition == 0)
        {
            var wrong = SameRules.Again(step, dice) ?? (other.In(next) is Input.Received then ? SameRules.Together(step, then) : null);
            if (wrong is not null)
                return wrong;
        }
        var (isKnown, state) = known(digest);
        if (isKnown)
            return state is not null && dice / 64 % StepsForEachRepetition == 0 ? SameRules.Congruent(state, next, other) : null;
        New.Add(new(letter, digest, next));
        return StateRules.Judge(next.Fold) ?? EndRules.Judge(next) ?? HonestEnd.Judge(next);
    }
}
