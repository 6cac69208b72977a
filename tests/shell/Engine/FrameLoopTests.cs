using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How frames come in and go out, one round after the other.</summary>
public sealed class FrameLoopTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();

    private Http2Connection Connection => _played.Connection;

    private FrameLoop Loop => new(_played.Connection);

    [Fact]
    public void What_a_frame_tells_is_delivered_before_the_next_is_taken()
    {
        var left = new List<int>();
        _played.Role.OnHeads = _ => left.Add(Connection.Input.Length);
        Assert.True(_played.Take([.. Requests.Get(1), .. Requests.Get(3)]));
        Assert.Equal([Requests.Get(3).Length, 0], left);
    }

    [Fact]
    public void Whoever_goes_on_for_one_left_behind_begins_with_the_next_frame()
    {
        var heads = 0;
        _played.Role.OnHeads = _ => heads++;
        _played.Role.OnCall = _ => heads != 1 || !_played.Role.Told.Contains("head RequestReceived");
        Assert.False(_played.Take([.. Requests.Get(1), .. Requests.Get(3)]));
        Assert.Equal(Requests.Get(3).Length, Connection.Input.Length);
        _played.Role.OnCall = static _ => true;
        Connection.Events.SkipRest();
        Connection.Events.Forget();
        Assert.True(Loop.TakeFrames());
        Assert.Equal((2, 0), (heads, Connection.Input.Length));
    }

    [Fact]
    public void A_frame_that_is_not_whole_waits_for_its_rest()
    {
        var request = Requests.Get(1);
        Assert.True(_played.Take(request[..12]));
        Assert.Equal((12, 0L), (Connection.Input.Length, Connection.Input.PartialSince));
        Assert.True(_played.Take(request[12..]));
        Assert.Equal((0, -1L), (Connection.Input.Length, Connection.Input.PartialSince));
        Assert.Equal(["head RequestReceived"], _played.Role.Told);
    }

    [Fact]
    public void No_frame_is_taken_while_as_much_as_may_wait_for_the_peer_does()
    {
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        Loop.Flush();
        while (_played.Core.Output.Length < _played.Limits.MaxUnsentPerConnection)
            _played.Core.SubmitPing(1);
        Assert.True(_played.Take(Requests.Get(1)));
        Assert.Equal((Requests.Get(1).Length, 0), (Connection.Input.Length, _played.Role.Told.Count));
        _played.Transport.Release();
        Loop.CompleteSend();
        Assert.True(Loop.TakeFrames());
        Assert.Equal(0, Connection.Input.Length);
    }

    [Fact]
    public void All_that_is_written_goes_out_with_one_write()
    {
        var before = _played.Transport.Writes;
        _played.Core.SubmitPing(1);
        _played.Core.SubmitPing(2);
        Assert.True(Loop.Flush());
        Assert.Equal((1, 0), (_played.Transport.Writes - before, _played.Core.Output.Length));
    }

    [Fact]
    public void Nothing_is_written_behind_a_write_that_waits()
    {
        _played.Transport.HoldsWrites = true;
        _played.Core.SubmitPing(1);
        Loop.Flush();
        var before = _played.Transport.Writes;
        _played.Core.SubmitPing(2);
        Assert.True(Loop.Flush());
        Assert.Equal((0, true), (_played.Transport.Writes - before, _played.Core.Output.Length > 0));
        _played.Transport.Release();
        Loop.CompleteSend();
        Assert.True(Loop.Flush());
        Assert.Equal(1, _played.Transport.Writes - before);
    }

    [Fact]
    public void After_six_writes_of_a_large_body_it_is_time_to_read()
    {
        var played = new PlayedConnection();
        // SETTINGS_INITIAL_WINDOW_SIZE and the connection's window: as much as there may be
        played.StartRunning(
        [
            .. Requests.Frame(4, 0, 0, [0, 4, 0x7f, 0xff, 0xff, 0xff]), .. Requests.Frame(8, 0, 0, [0x7f, 0xff, 0, 0]), .. Requests.Get(1),
        ]);
        played.Core.SubmitResponse(new StreamId(1), new OutboundHead(200, []), default, endStream: false);
        played.Core.SubmitData(new StreamId(1), new byte[1_000_000], endStream: true);
        var before = played.Transport.Writes;
        Assert.True(new FrameLoop(played.Connection).Flush());
        Assert.Equal(6, played.Transport.Writes - before);
        Assert.True(played.Core.CanDrain);
        // and the rest is written when what came was read
        Assert.Single(played.Scheduler.Queue);
        played.Run();
        Assert.True(played.Transport.Taken > 1_000_000);
    }

    [Fact]
    public void Nothing_is_received_while_answers_to_it_could_not_be_sent()
    {
        _played.Receive();
        Assert.False(Connection.Input.IsReceiving);
        Loop.Receive();
        Assert.False(Connection.Input.IsReceiving);
    }

    [Fact]
    public void What_a_write_throws_closes_the_connection()
    {
        _played.Transport.SendFailure = new IOException("gone");
        _played.Core.SubmitPing(1);
        Assert.True(Loop.Flush());
        Assert.True(Connection.End.IsClosed);
        Assert.Equal("the peer closed it, or it was lost", Connection.End.Cause.ToString());
    }
}
