using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>The order of effects: what the application hears of a stream, what goes out on it, and what a fault ends with.</summary>
public sealed class EffectOrderProperties
{
    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 60)]
    public void The_application_hears_of_a_head_then_a_body_then_trailers_then_the_end(Schedule schedule)
    {
        var run = new Run(schedule);
        AssertOrder(run.Client.End);
        AssertOrder(run.Server.End);
        run.Play();
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 100)]
    public void The_application_hears_in_that_order_whatever_a_client_sends(Requests traffic)
    {
        var server = WireProperties.Server();
        AssertOrder(server);
        server.Receive(traffic.Octets, 0);
        server.Do((state, effects) => Connection.Disconnect(state, effects));
    }

    [Property(Arbitrary = [typeof(Schedule)], MaxTest = 60)]
    public void A_head_goes_out_before_the_body_and_nothing_of_a_message_behind_its_end(Schedule schedule)
    {
        var run = new Run(schedule);
        run.Play();
        AssertMessages(WireChecks.Frames(run.Client.End.Sent, Role.Client));
        AssertMessages(WireChecks.Frames(run.Server.End.Sent, Role.Server));
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void A_connection_error_ends_with_GOAWAY_behind_all_frames_and_the_fault_behind_all_events(Requests traffic)
    {
        var server = WireProperties.Server();
        var faults = 0;
        server.Handler = e =>
        {
            Assert.Equal(0, faults);
            faults += e is ConnectionEvent.ConnectionFaulted ? 1 : 0;
        };
        server.Receive(traffic.Octets, 0);
        var errors = WireChecks.Frames(server.Sent, Role.Server).Select((frame, i) => (frame, i))
            .Where(sent => sent.frame is Frame.GoAway { Payload.Code: not ErrorCode.NoError }).Select(sent => sent.i).ToList();
        Assert.Equal(faults == 1 ? [WireChecks.Frames(server.Sent, Role.Server).Count - 1] : [], errors);
    }

    private static void AssertOrder(End end)
    {
        var reached = new Dictionary<StreamId, int>();
        var before = end.Handler;
        end.Handler = e =>
        {
            if (PlaceOf(e) is { } place)
            {
                var last = reached.GetValueOrDefault(place.Id, -1);
                // promises, heads, trailers and ends come once; interim heads and pieces of a body as often as they like
                Assert.True(place.Rank is 1 or 3 ? place.Rank >= last : place.Rank > last, $"{e} of stream {place.Id} behind rank {last}");
                reached[place.Id] = place.Rank;
            }
            before(e);
        };
    }

    private static (StreamId Id, int Rank)? PlaceOf(ConnectionEvent e) => e switch
    {
        ConnectionEvent.PushPromised promised => (promised.Promised, 0),
        ConnectionEvent.InformationalReceived head => (head.Id, 1),
        ConnectionEvent.RequestReceived head => (head.Id, 2),
        ConnectionEvent.ResponseReceived head => (head.Id, 2),
        ConnectionEvent.DataReceived data => (data.Id, 3),
        ConnectionEvent.TrailersReceived trailers => (trailers.Id, 4),
        ConnectionEvent.StreamClosed closed => (closed.Id, 5),
        _ => null,
    };

    private static void AssertMessages(List<Frame> frames)
    {
        var (begun, ended, reset) = (new HashSet<StreamId>(), new HashSet<StreamId>(), new HashSet<StreamId>());
        foreach (var frame in frames.Where(frame => !frame.StreamId.IsConnection))
        {
            Assert.False(reset.Contains(frame.StreamId), $"{frame} behind RST_STREAM");
            if (frame is Frame.Data)
                Assert.True(begun.Contains(frame.StreamId), $"{frame} before the head");
            if (frame is Frame.Data or Frame.Headers)
                Assert.False(ended.Contains(frame.StreamId), $"{frame} behind the end");
            if (frame is Frame.Headers)
                begun.Add(frame.StreamId);
            if (frame is Frame.Data or Frame.Headers && (frame.Flags & FrameFlags.EndStream) != 0)
                ended.Add(frame.StreamId);
            if (frame is Frame.RstStream)
                reset.Add(frame.StreamId);
        }
    }
}
