using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What is made of what the core tells of streams, whatever the role.</summary>
public sealed class StreamEventsTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();

    private List<string> Told => _played.Role.Told;

    [Fact]
    public void Each_part_of_a_body_is_told_and_then_its_end()
    {
        _played.Upload();
        Told.Clear();
        Assert.True(_played.Take([.. Requests.Data(1, 5), .. Requests.Data(1, 3, end: true)]));
        Assert.Equal(["body of 1", "data 1 5", "body of 1", "data 1 3", "body of 1", "done 1"], Told);
        Assert.Equal(0, _played.Connection.Exchanges.Incoming);
        Assert.Equal(8, _played.Core.Unread);
    }

    [Fact]
    public void Whoever_goes_on_for_one_left_behind_tells_the_end_but_not_the_octets_again()
    {
        var stream = _played.Upload();
        Told.Clear();
        _played.Role.OnCall = static call => !call.StartsWith("data", StringComparison.Ordinal);
        Assert.False(_played.Take(Requests.Data(1, 5, end: true)));
        Assert.True(stream.ExpectsBody);
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["body of 1", "data 1 5", "body of 1", "done 1"], Told);
        Assert.False(stream.ExpectsBody);
    }

    [Fact]
    public void Octets_that_nobody_will_consume_are_credited_at_once()
    {
        Assert.True(_played.Take([.. Requests.Post(1), .. Requests.Data(1, 5)]));
        Assert.Equal(0, _played.Core.Unread);
        _played.Role.KeepsForLater = true;
        Assert.True(_played.Take(Requests.Data(1, 7)));
        Assert.Equal(7, _played.Core.Unread);
    }

    [Fact]
    public void A_stream_that_was_silenced_is_told_nothing_but_its_end()
    {
        var stream = _played.Upload();
        stream.Silence();
        Told.Clear();
        Assert.True(_played.Take(Requests.Data(1, 5, end: true)));
        Assert.Equal(0, _played.Core.Unread);
        Assert.DoesNotContain(Told, told => told.StartsWith("data", StringComparison.Ordinal) || told == "done 1");
        Assert.True(_played.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8])));
        Assert.Equal("closed 1 Cancel", Told[^2]);
    }

    [Fact]
    public void Trailers_end_a_body()
    {
        var stream = _played.Upload();
        Told.Clear();
        // a literal field without indexing: x: y
        Assert.True(_played.Take(Requests.Frame(1, 0x5, 1, [0, 1, (byte)'x', 1, (byte)'y'])));
        Assert.Equal(["body of 1", "done 1"], Told);
        Assert.False(stream.ExpectsBody);
    }

    [Fact]
    public void A_stream_that_the_peer_resets_is_closed_for_that_reason_and_forgotten_once_nobody_works_for_it()
    {
        var stream = _played.Upload();
        stream.BeginWork();
        Told.Clear();
        Assert.True(_played.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8])));
        Assert.Equal(["body of 1", "closed 1 Cancel", "ended"], Told);
        Assert.True(stream.IsClosed);
        Assert.Equal(new Http2CloseReason(Http2CloseCause.PeerReset, ErrorCode.Cancel), stream.CloseReason);
        Assert.Null(_played.Connection.Exchanges.Find(new StreamId(1)));
        Assert.Equal(1, _played.Connection.Exchanges.Outliving);
        stream.EndWork();
        _played.Connection.Streams.RetireWhenIdle(stream);
        Assert.Equal(0, _played.Connection.Exchanges.Outliving);
    }

    [Fact]
    public void A_stream_that_closes_before_anybody_was_told_of_it_is_the_roles_to_forget()
    {
        Assert.True(_played.Take(Requests.Post(1)));
        Told.Clear();
        Assert.True(_played.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8])));
        Assert.Equal(["closed untold 1"], Told);
    }

    [Fact]
    public void A_stream_whose_rule_the_peer_broke_is_closed_with_that_rule()
    {
        var stream = _played.Upload();
        // WINDOW_UPDATE of 0 (RFC 9113 section 6.9)
        Assert.True(_played.Take(Requests.Frame(8, 0, 1, new byte[4])));
        Assert.Equal((Http2CloseCause.PeerFault, ErrorCode.ProtocolError), (stream.CloseReason!.Cause, stream.CloseReason.Code));
        Assert.NotNull(stream.CloseReason.Rule);
    }

    [Fact]
    public void All_streams_are_closed_with_the_connection()
    {
        _played.Upload(1);
        _played.Upload(3);
        Told.Clear();
        Assert.True(_played.Connection.Streams.CloseAll(ErrorCode.InternalError));
        Assert.Equal("closing", Told[0]);
        Assert.Equal(
            ["closed 1 InternalError", "closed 3 InternalError"],
            Told.Where(told => told.StartsWith("closed", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(0, _played.Connection.Exchanges.Count);
    }

    [Fact]
    public void Settings_of_the_peer_are_known_of_the_connection()
    {
        Assert.True(_played.Take(Requests.Frame(4, 0, 0, [0, 3, 0, 0, 0, 7])));
        Assert.Equal([new Setting(SettingId.MaxConcurrentStreams, 7)], (IEnumerable<Setting>)_played.Connection.Info.PeerSettings);
    }
}
