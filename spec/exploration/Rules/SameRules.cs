using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// What must make no difference: the same input once more, where octets are cut, whether two frames come at once, and by which way a state was
/// reached. Answers what is wrong, or null.
/// </summary>
internal static class SameRules
{
    /// <summary>Judges a step by doing it again, as a whole and cut in two.</summary>
    /// <param name="step">The step.</param>
    /// <param name="dice">A number that chooses where octets are cut.</param>
    public static string? Again(TracedStep step, ulong dice)
    {
        if (!AreSame(Connection.Step(step.Before.Fold, step.Input), step.Step))
            return "the same input gives something else the second time";
        if (step.Input is not Input.Received { Octets: { Length: > 1 } octets } received)
            return null;
        var cut = 1 + (int)(dice % (ulong)(octets.Length - 1));
        var first = Connection.Step(step.Before.Fold, received with { Octets = octets.Slice(0, cut) });
        var second = Connection.Step(first.State, received with { Octets = octets.Slice(cut, octets.Length - cut) });
        return AreSame(Joined(first, second), step.Step) ? null : $"octets that are cut at {cut} give something else";
    }

    /// <summary>Judges whether two frames that come at once are two frames.</summary>
    /// <param name="step">A step that took the first frame.</param>
    /// <param name="then">What comes behind it.</param>
    public static string? Together(TracedStep step, Input.Received then)
    {
        if (step.Input is not Input.Received received || step.Step.State.Incomplete > 0)
            return null;
        Octets both = new((byte[])[.. received.Octets.Span, .. then.Octets.Span]);
        var second = Connection.Step(step.Step.State, then);
        return AreSame(Joined(step.Step, second), Connection.Step(step.Before.Fold, received with { Octets = both }))
            ? null
            : "two frames that come at once give something else";
    }

    /// <summary>Judges whether two states that count as one have the same future, by one letter.</summary>
    public static string? Congruent(Situation one, Situation other, Letter letter)
    {
        if ((letter.In(one), letter.In(other)) is not ({ } toOne, { } toOther))
            return null;
        var (first, second) = (Connection.Step(one.Fold, toOne), Connection.Step(other.Fold, toOther));
        return first.Output == second.Output && Texts(first) == Texts(second) ? null : $"two states that count as one part by \"{letter.Name}\"";
    }

    private static Step Joined(Step first, Step second) => new(
        second.State, new Octets((byte[])[.. first.Output.Span, .. second.Output.Span]), [.. first.Events, .. second.Events], second.Opened);

    private static bool AreSame(Step one, Step other) => one.State == other.State && one.Output == other.Output && Texts(one) == Texts(other);

    // Events hold slices of memory, which are equal only to themselves; their text says what they hold.
    private static string Texts(Step step) => string.Join('\n', step.Events);
}
