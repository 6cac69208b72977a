using FsCheck;
using FsCheck.Fluent;
using Http2.TestSupport;

namespace Http2.Properties.Connections;

/// <summary>
/// What two honest ends do, and when what they say arrives: a number for what they announce, and one for each step, from which all that is
/// random in it follows. Leaving steps out gives another schedule of honest ends, since they do only what they may do then.
/// </summary>
public sealed record Schedule(int Options, int[] Steps)
{
    /// <summary>The schedule that follows from one number.</summary>
    public static Schedule Of(int seed)
    {
        var random = new Random(seed);
        return new(random.Next(), [.. Enumerable.Range(0, random.Next(50, 400)).Select(_ => random.Next())]);
    }

    /// <summary>Any schedule; a failing one is cut down to the steps that matter.</summary>
    public static Arbitrary<Schedule> Any() => Arb.From(
        Gen.Choose(int.MinValue, int.MaxValue).Select(Of),
        schedule => Shrinking.WithoutSome(schedule.Steps).Select(steps => schedule with { Steps = steps }));

    public override string ToString() => $"new Schedule({Options}, [{string.Join(", ", Steps)}])";
}
