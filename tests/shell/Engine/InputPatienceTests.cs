using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When a peer may be judged for what it has not sent.</summary>
public sealed class InputPatienceTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();
    private InputPatience _patience;

    [Fact]
    public void A_peer_of_which_nothing_is_left_to_read_is_judged()
    {
        Assert.Equal(500, _patience.Due(500));
        Assert.True(_patience.MayJudge(_played.Connection));
        Assert.Equal(500, _patience.Due(500));
    }

    [Fact]
    public void What_lies_in_the_kernel_is_read_first()
    {
        _played.SetTime(1_000);
        _played.Transport.Report = new TransportReport(0, Readable: 10);
        Assert.False(_patience.MayJudge(_played.Connection));
        Assert.Equal(1_000 + InputFirst.Pause, _patience.Due(500));
        Assert.Equal(2_000, _patience.Due(2_000));
    }

    [Fact]
    public void Once_it_has_come_the_deadline_acts_at_its_own_time()
    {
        _played.SetTime(1_000);
        _played.Transport.Report = new TransportReport(0, Readable: 10);
        Assert.False(_patience.MayJudge(_played.Connection));
        _patience.InputCame();
        Assert.Equal(500, _patience.Due(500));
        _played.Transport.Report = new TransportReport(0, Received: 10, Readable: 90);
        Assert.True(_patience.MayJudge(_played.Connection));
    }

    [Fact]
    public void What_the_next_round_takes_in_is_waited_for_without_a_pause()
    {
        _played.Transport.Come(1);
        Assert.True(SpinWait.SpinUntil(() => _played.Connection.Input.HasMore, Patience.Time));
        Assert.False(_patience.MayJudge(_played.Connection));
        Assert.Equal(0, _patience.Due(0));
    }

    [Fact]
    public void A_peer_from_which_nothing_is_read_is_not_judged_for_a_second()
    {
        _played.SetTime(1_000);
        FillOutput();
        Assert.False(_patience.MayJudge(_played.Connection));
        Assert.Equal(1_000 + InputFirst.PauseUnread, _patience.Due(0));
    }

    [Fact]
    public void A_peer_that_has_ended_its_side_sends_nothing_that_could_be_waited_for()
    {
        _played.Receive();
        Assert.True(_played.Connection.Input.HasEnded);
        _played.Transport.Report = new TransportReport(0, Readable: 10);
        Assert.True(_patience.MayJudge(_played.Connection));
    }

    // A write waits for the transport, and behind it is as much as may be before reading stops.
    private void FillOutput()
    {
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        _played.Connection.Output.Send();
        while (_played.Core.Output.Length < _played.Limits.MaxUnsentPerConnection)
            _played.Core.SubmitPing(1);
        Assert.True(_played.Connection.Output.IsFull);
    }
}
