using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Which peers are too slow; how a pace is reckoned is the core's.</summary>
public sealed class SlowPeersTests
{
    private readonly Rooms _rooms = new();
    private readonly List<PacedBody> _slow = [];
    private readonly SlowPeers _peers;

    public SlowPeersTests() =>
        _peers = new SlowPeers(_rooms.Core, _rooms.Input, _rooms.Output, _rooms.Sends, _rooms.Limits, _slow.Add);

    [Fact]
    public void A_body_that_does_not_come_is_too_slow_when_its_period_is_over()
    {
        _rooms.OpenWithUpload();
        var stream = Upload();
        _peers.WatchReceiving(stream);
        Assert.Equal(1, _peers.Watched);
        Pass(29_999);
        Assert.Empty(_slow);
        Pass(30_000);
        Assert.Same(stream, Assert.Single(_slow).Stream);
    }

    [Fact]
    public void One_that_comes_fast_enough_is_not()
    {
        _rooms.OpenWithUpload();
        var stream = Upload();
        _peers.WatchReceiving(stream);
        for (var now = 1_000; now < 100_000; now += 1_000)
        {
            stream.ReceivingPace!.Count(241);
            Pass(now);
        }
        Assert.Empty(_slow);
    }

    [Fact]
    public void A_stream_that_owes_nothing_is_not_watched()
    {
        _peers.WatchReceiving(new PlainStream());
        Assert.Equal(0, _peers.Watched);
        Assert.Equal(long.MaxValue, _peers.Due);
    }

    [Fact]
    public void A_pace_that_is_taken_away_is_not_asked_for_any_more()
    {
        _rooms.OpenWithUpload();
        var stream = Upload();
        _peers.WatchReceiving(stream);
        stream.Pace = null;
        _peers.ChangePace(stream);
        Assert.Equal(0, _peers.Watched);
        Assert.Null(stream.ReceivingPace);
    }

    [Fact]
    public void Those_that_are_through_leave_the_others_watched()
    {
        _rooms.OpenWithUpload();
        var streams = new[] { Upload(1), Upload(3), Upload(5) };
        foreach (var stream in streams)
            _peers.WatchReceiving(stream);
        _peers.Unwatch(streams[0].ReceivingPace!);
        _peers.Unwatch(streams[2].ReceivingPace!);
        Assert.Equal(1, _peers.Watched);
        Assert.NotNull(streams[1].ReceivingPace);
        _peers.Unwatch(streams[1].ReceivingPace!);
        Assert.Equal(0, _peers.Watched);
    }

    [Fact]
    public void A_reader_that_opens_no_window_is_too_slow()
    {
        var id = _rooms.OpenWithUpload();
        _rooms.Core.SubmitResponse(id, new OutboundHead(200, []), default, endStream: false);
        _rooms.Core.SubmitData(id, new byte[100_000], endStream: true);
        _rooms.Core.Drain(100_000);
        var stream = new PlainStream();
        _peers.WatchSending(stream);
        Pass(30_000);
        Assert.True(Assert.Single(_slow).Sending);
    }

    [Fact]
    public void While_the_transport_is_behind_a_reader_is_not_to_blame()
    {
        var id = _rooms.OpenWithUpload();
        _rooms.Core.SubmitResponse(id, new OutboundHead(200, []), default, endStream: false);
        _rooms.Core.SubmitData(id, new byte[100_000], endStream: true);
        _peers.WatchSending(new PlainStream());
        _rooms.Transport.HoldsWrites = true;
        _rooms.Output.Send();
        Pass(30_000);
        Pass(60_000);
        Assert.Empty(_slow);
    }

    [Fact]
    public void Octets_of_a_frame_that_is_not_whole_earn_it_time()
    {
        _rooms.Open();
        Assert.Equal(long.MaxValue, _peers.Due);
        _rooms.Receive(Requests.Data(1, 1_000)[..489]);
        _rooms.Input.EndTaking(isPartial: true, now: 100);
        Assert.Equal(100 + 30_000 + 489 * 1000 / 240, _peers.Due);
        _rooms.Core.SetTime(_peers.Due - 1);
        Assert.False(_peers.IsFrameTooSlow);
        _rooms.Core.SetTime(_peers.Due);
        Assert.True(_peers.IsFrameTooSlow);
    }

    [Fact]
    public void A_body_behind_a_host_that_is_out_of_reach_is_not_to_blame()
    {
        _rooms.OpenWithUpload();
        _peers.WatchReceiving(Upload());
        _rooms.Transport.Report = new TransportReport(10, Unacknowledged: 10) { IsUnreachable = true };
        Pass(30_000);
        Assert.Empty(_slow);
    }

    private PlainStream Upload(uint id = 1) => new(id) { ExpectsBody = true, Pace = _rooms.Limits.IncomingPace };

    private void Pass(long now)
    {
        _rooms.Core.SetTime(now);
        _peers.Judge();
    }
}
