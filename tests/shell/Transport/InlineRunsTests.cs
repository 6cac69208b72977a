using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Connections that are woken while a thread must not run them.</summary>
public sealed class InlineRunsTests
{
    [Fact]
    public void A_connection_that_was_put_off_runs_once_at_the_end()
    {
        var woken = new Woken();
        var begun = InlineRuns.Begin();
        Assert.True(begun);
        Assert.True(InlineRuns.TryPutOff(woken));
        Assert.Equal((0, 0), (woken.Here, woken.Elsewhere));
        InlineRuns.End(begun, here: true);
        Assert.Equal((1, 0), (woken.Here, woken.Elsewhere));
        // what was put off before is not run by whoever puts off next
        InlineRuns.End(InlineRuns.Begin(), here: true);
        Assert.Equal((1, 0), (woken.Here, woken.Elsewhere));
        Assert.False(InlineRuns.TryPutOff(woken));
    }

    [Fact]
    public void A_second_one_and_those_of_a_thread_that_must_run_none_run_elsewhere()
    {
        var (first, second) = (new Woken(), new Woken());
        var begun = InlineRuns.Begin();
        // inside of another one nothing ends
        InlineRuns.End(InlineRuns.Begin(), here: true);
        Assert.True(InlineRuns.TryPutOff(first));
        Assert.True(InlineRuns.TryPutOff(second));
        Assert.Equal(1, second.Elsewhere);
        InlineRuns.End(begun, here: false);
        Assert.Equal((0, 1), (first.Here, first.Elsewhere));
        Assert.Equal((0, 1), (second.Here, second.Elsewhere));
    }

    private sealed class Woken : IWoken
    {
        public int Here { get; private set; }

        public int Elsewhere { get; private set; }

        public void Execute() => Here++;

        public void RunElsewhere() => Elsewhere++;
    }
}
