using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>The states of streams that have no record: the connection itself, streams that were passed over, and closed ones.</summary>
public sealed class StreamStateTests
{
    [Fact]
    public void Stream_0_is_the_connection_and_has_no_state() =>
        Assert.Equal(StreamState.Idle, Rig.Server().StateOf(0));

    [Fact]
    public void Identifiers_that_the_peer_passed_over_say_nothing_of_ours_between_them()
    {
        var rig = Rig.Client();
        for (var i = 0; i < 3; i++)
            rig.Ask(out _);
        rig.Promise(1, 8, Rig.Request()).Headers(3, true, (":status", "200"));
        rig.Forget();
        rig.Headers(3, true, (":status", "200"));
        Assert.Equal(["connection fault StreamClosed 5.1"], rig.Events().Where(line => line.StartsWith("connection", StringComparison.Ordinal)));
        foreach (var id in new uint[] { 1, 3, 7 })
        {
            var server = Rig.Server().Get(5).Get(9);
            server.Forget();
            server.Get(id);
            Assert.Contains("connection fault ProtocolError 5.1.1", server.Events());
        }
    }

    [Fact]
    public void The_state_of_a_stream_whose_reset_was_forgotten_is_the_lenient_one()
    {
        var resets = ClosedStreams.None;
        for (var id = 1u; id <= 1 + 64 * 4; id += 4)
            resets = resets.WithReset(new(id), own: false);
        Assert.Equal(StreamState.ResetByUs, resets.StateOf(new(1), own: false));
        Assert.Equal(StreamState.Ended, resets.StateOf(new(3), own: false));
        Assert.Equal(StreamState.ResetByUs, resets.StateOf(new(5), own: false));
        Assert.Equal(StreamState.Ended, resets.StateOf(new(5), own: true));
    }
}
