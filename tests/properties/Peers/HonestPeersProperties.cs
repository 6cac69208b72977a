using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A client and a server of this library, back to back in memory, under random schedules.</summary>
public sealed class HonestPeersProperties
{
    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 300)]
    public void Honest_ends_never_fault_each_other_and_every_request_is_answered_once(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        run.AssertNoFault();
        run.AssertAnswers();
        run.AssertPushes();
    }

    [Fact]
    public void The_schedules_reach_what_they_are_meant_to_reach()
    {
        var runs = Enumerable.Range(0, 60).Select(seed => new Run(Schedule.Of(seed))).ToArray();
        foreach (var run in runs)
            run.Play();
        var asked = runs.SelectMany(run => run.Client.Exchanges.Values).ToArray();
        var answered = asked.Count(exchange => exchange is { Abnormal: false, Closed: 1 } && exchange.Id.IsClientInitiated);
        Assert.True(answered > 500, $"{answered} answers");
        Assert.Contains(asked, exchange => exchange.Id.IsServerInitiated && !exchange.Abnormal && exchange.Came.Body.Count > 0);
        Assert.Contains(asked, exchange => exchange.Id.IsServerInitiated && exchange.GivenUp);
        Assert.Contains(asked, exchange => exchange.Id.IsClientInitiated && exchange.GivenUp);
        Assert.Contains(asked, exchange => exchange.Code == ErrorCode.RefusedStream);
        Assert.Contains(asked, exchange => exchange.Code == ErrorCode.InternalError);
        Assert.Contains(asked, exchange => exchange.Code == ErrorCode.NoError && exchange.Abnormal);
        Assert.Contains(asked, exchange => exchange.Sent.Body.Count > 10_000 && !exchange.Abnormal);
        Assert.Contains(asked, exchange => exchange.Came.Body.Count > 10_000 && !exchange.Abnormal);
        Assert.Contains(asked, exchange => exchange.Sent.Trailers.Length > 0 && !exchange.Abnormal);
        Assert.Contains(asked, exchange => exchange.Came.Trailers.Length > 0 && !exchange.Abnormal);
        Assert.Contains(
            asked, exchange => exchange is { IsTunnel: true, Abnormal: false, Sent.Body.Count: > 0, Came.Body.Count: > 0 });
        Assert.Contains(runs, run => run.Client.GoAway is not null);
        Assert.Contains(runs, run => run.Server.Promises.Count > run.Client.Promises.Count);
    }

    /// <summary>Whatever is left out, both ends stay honest: a schedule that fails is cut down to one that still means something.</summary>
    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 5)]
    public void A_schedule_cut_down_is_still_one_of_honest_ends(Schedule schedule)
    {
        foreach (var shorter in Schedule.Any().Shrinker(schedule).Take(20))
        {
            Assert.True(shorter.Steps.Length < schedule.Steps.Length);
            var run = new Run(shorter);
            run.Play();
            run.AssertNoFault();
            run.AssertAnswers();
        }
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 100)]
    public void Credit_is_conserved_once_everything_has_arrived(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        run.AssertCredit();
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 100)]
    public void What_both_ends_send_parses(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        WireChecks.Frames(run.Client.End.Sent, Role.Client);
        WireChecks.Frames(run.Server.End.Sent, Role.Server);
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 100)]
    public void The_last_stream_that_an_end_names_in_GOAWAY_never_grows(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        run.Server.End.Do((state, effects) => Connection.Shutdown(state, run.Now, effects));
        run.Client.End.Do((state, effects) => Connection.Shutdown(state, run.Now, effects));
        run.Settle();
        WireChecks.GoAwayNeverGrows(WireChecks.Frames(run.Client.End.Sent, Role.Client));
        WireChecks.GoAwayNeverGrows(WireChecks.Frames(run.Server.End.Sent, Role.Server));
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 30)]
    public void Replaying_the_inputs_of_an_end_gives_its_state_its_output_and_its_events(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        foreach (var end in (End[])[run.Client.End, run.Server.End])
        {
            var again = end.Replay();
            Assert.Equal(end.Sent, again.Sent);
            Assert.Equal(end.Events, again.Events);
            Assert.Equal(end.State, again.State);
        }
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 100)]
    public void A_graceful_end_finishes_both_ends_and_loses_no_answer(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        run.Server.End.Do((state, effects) => Connection.Shutdown(state, run.Now, effects));
        run.Settle();
        run.AssertNoFault();
        run.AssertAnswers();
        Assert.True(run.Server.End.IsFinished, "the server is not finished");
        Assert.True(run.Client.End.IsFinished, "the client is not finished");
    }
}
