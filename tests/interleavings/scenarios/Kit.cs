using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// What all scenarios begin with: the shell that was rewritten, and a test's output for what was explored. They run one after the other, as
/// the shell has statics.
/// </summary>
[Collection("Scenarios")]
public abstract class Scenarios(ITestOutputHelper output)
{
    static Scenarios() => Resets.Use(typeof(Shell.Http2Server).Assembly);

    /// <summary>Takes all schedules with so many preemptions, and some by chance.</summary>
    protected void Explore(Action<Scenario> scenario, int preemptions) =>
        Http2.Interleavings.Explore.Preempting(scenario, preemptions, output.WriteLine);

    /// <summary>The same for scenarios with many threads, whose turns count although nobody is preempted.</summary>
    protected void ExploreDelays(Action<Scenario> scenario, int delays) =>
        Http2.Interleavings.Explore.Delaying(scenario, delays, output.WriteLine);
}
