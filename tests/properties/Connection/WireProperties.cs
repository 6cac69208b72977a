using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>What holds whatever the peer sends.</summary>
public sealed class WireProperties
{
    private static readonly HeaderField[] Get =
        [new(":method", "GET"), new(":scheme", "https"), new(":authority", "a"), new(":path", "/")];

    internal static End Server() => new(Role.Server, ConnectionOptions.Default);

    internal static End Client()
    {
        var client = new End(Role.Client, ConnectionOptions.Default);
        for (var i = 0; i < 3; i++)
        {
            var end = i < 2;
            client.Do((state, effects) =>
            {
                Assert.Equal(Refusal.None, Connection.SubmitRequest(state, Get, end, effects, out _, out var next));
                return next;
            });
        }
        return client;
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void Splitting_the_input_of_a_server_anywhere_gives_the_same_result(Requests traffic, int seed) =>
        AssertSplit(Server, traffic.Octets, seed);

    [Property(Arbitrary = [typeof(Answers)], MaxTest = 300)]
    public void Splitting_the_input_of_a_client_anywhere_gives_the_same_result(Answers answers, int seed) =>
        AssertSplit(Client, answers.Octets, seed);

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 500)]
    public void Traffic_to_a_server_never_throws_and_its_state_stays_bounded(Requests traffic) => AssertBounded(Server(), traffic.Octets);

    [Property(Arbitrary = [typeof(Answers)], MaxTest = 500)]
    public void Traffic_to_a_client_never_throws_and_its_state_stays_bounded(Answers answers) => AssertBounded(Client(), answers.Octets);

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void A_server_that_has_ended_takes_nothing_and_says_nothing(Requests traffic) => AssertTerminal(Server(), traffic.Octets);

    [Property(Arbitrary = [typeof(Answers)], MaxTest = 300)]
    public void A_client_that_has_ended_takes_nothing_and_says_nothing(Answers answers) => AssertTerminal(Client(), answers.Octets);

    /// <summary>What fails is cut down by whole frames; the handshake stays, so that the rest still means something.</summary>
    [Property(Arbitrary = [typeof(Requests)], MaxTest = 30)]
    public void Traffic_that_is_cut_down_keeps_its_handshake(Requests traffic)
    {
        var handshake = WireConstants.Preface.Length + 2 * FrameHeader.Size;
        var shrinks = Requests.Any().Shrinker(traffic).ToList();
        Assert.NotEmpty(shrinks);
        foreach (var shorter in shrinks.Take(30))
        {
            Assert.True(shorter.Octets.Length < traffic.Octets.Length);
            Assert.Equal(traffic.Octets[..handshake], shorter.Octets[..handshake]);
            // the first request is the first frame behind it: what is left begins with a frame too, if with any
            var rest = shorter.Octets.AsSpan(handshake);
            Assert.True(rest.IsEmpty || traffic.Octets.AsSpan(handshake).IndexOf(rest[..Math.Min(rest.Length, FrameHeader.Size)]) >= 0);
        }
    }

    [Property(MaxTest = 500)]
    public void Any_octets_never_throw(byte[] octets, bool behindPreface)
    {
        AssertBounded(Server(), behindPreface ? [.. WireConstants.Preface, .. octets] : octets);
        AssertBounded(Client(), octets);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void Octets_that_were_changed_somewhere_never_throw(Requests traffic, int at, byte with)
    {
        var octets = traffic.Octets.ToArray();
        octets[WireConstants.Preface.Length + (int)((uint)at % (uint)(octets.Length - WireConstants.Preface.Length))] = with;
        AssertBounded(Server(), octets);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void Equal_inputs_give_equal_states_outputs_and_events(Requests traffic)
    {
        var server = Server();
        server.Receive(traffic.Octets, 5);
        var again = server.Replay();
        Assert.Equal(server.State, again.State);
        Assert.Equal(server.Sent, again.Sent);
        Assert.Equal(server.Events, again.Events);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void What_a_server_sends_parses(Requests traffic)
    {
        var server = Server();
        server.Receive(traffic.Octets, 0);
        WireChecks.Frames(server.Sent, Role.Server);
    }

    [Property(Arbitrary = [typeof(Answers)], MaxTest = 200)]
    public void What_a_client_sends_parses(Answers answers)
    {
        var client = Client();
        client.Receive(answers.Octets, 0);
        WireChecks.Frames(client.Sent, Role.Client);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void An_old_state_can_be_stepped_again_with_the_same_result(Requests first, byte[] other, Requests second)
    {
        var server = Server();
        server.Receive(first.Octets, 0);
        var left = server.Branch();
        left.Receive(second.Octets.AsSpan(WireConstants.Preface.Length), 0);
        // other branches in between must not show
        server.Branch().Receive(other, 0);
        server.Receive(other, 0);
        var right = left.Origin!.Branch();
        right.Receive(second.Octets.AsSpan(WireConstants.Preface.Length), 0);
        Assert.Equal(left.State, right.State);
        Assert.Equal(left.Sent, right.Sent);
        Assert.Equal(left.Events, right.Events);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void The_end_of_the_transport_closes_every_stream_once_and_the_connection(Requests traffic)
    {
        var server = Server();
        var open = new HashSet<StreamId>();
        server.Handler = e =>
        {
            if (e is ConnectionEvent.RequestReceived request)
                Assert.True(open.Add(request.Id));
            if (e is ConnectionEvent.StreamClosed closed)
                Assert.True(open.Remove(closed.Id), $"stream {closed.Id} is closed without being open");
        };
        server.Receive(traffic.Octets, 0);
        server.Do((state, effects) => Connection.Disconnect(state, effects));
        Assert.Empty(open);
        Assert.True(server.IsFinished);
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void After_the_end_of_the_input_what_was_asked_for_completely_is_answered_and_then_it_is_over(Requests traffic)
    {
        var server = Server();
        var (open, complete, bodiless) = (new HashSet<StreamId>(), new HashSet<StreamId>(), new HashSet<StreamId>());
        server.Handler = e =>
        {
            switch (e)
            {
                case ConnectionEvent.RequestReceived request:
                    Assert.True(open.Add(request.Id));
                    if (request.EndStream)
                        complete.Add(request.Id);
                    if (request.Head.Method.SequenceEqual("HEAD"u8))
                        bodiless.Add(request.Id);
                    break;
                case ConnectionEvent.DataReceived { EndStream: true } data:
                    complete.Add(data.Id);
                    break;
                case ConnectionEvent.TrailersReceived trailers:
                    complete.Add(trailers.Id);
                    break;
                case ConnectionEvent.StreamClosed closed:
                    Assert.True(open.Remove(closed.Id), $"stream {closed.Id} is closed without being open");
                    break;
            }
        };
        server.Receive(traffic.Octets, 0);
        var wasFinished = server.IsFinished;
        server.Do((state, effects) => Connection.EndOfInput(state, effects));
        Assert.True(open.IsSubsetOf(complete));
        Assert.Equal(wasFinished || open.Count == 0, server.IsFinished);
        foreach (var id in open.ToList())
        {
            server.Do((state, effects) =>
            {
                var body = new byte[bodiless.Contains(id) ? 0 : 100_000];
                Assert.Equal(Refusal.None, Connection.SubmitResponse(state, id, new OutboundHead(200, []), new OutboundBody(body, true), effects, out var next));
                return next;
            });
        }
        // the bodies have a window's worth each at most, and no window grows any more: those that are cut short are told so
        server.Do((state, effects) => Connection.Drain(state, int.MaxValue, effects));
        Assert.Empty(open);
        Assert.True(server.IsFinished);
    }

    private static void AssertSplit(Func<End> start, byte[] octets, int seed)
    {
        var (whole, split) = (start(), start());
        whole.Receive(octets, 0);
        var random = new Random(seed);
        for (var at = 0; at < octets.Length;)
        {
            var length = Math.Min(random.Next(3) == 0 ? random.Next(1, 200) : random.Next(1, 4), octets.Length - at);
            split.Receive(octets.AsSpan(at, length), 0);
            at += length;
        }
        Assert.Equal(whole.Events, split.Events);
        Assert.Equal(whole.Sent, split.Sent);
        Assert.Equal(whole.State, split.State);
        Assert.Equal(whole.Pending, split.Pending);
    }

    private static void AssertBounded(End end, byte[] octets)
    {
        var known = end.State.Core.Streams.Set.Count;
        end.Receive(octets, 0);
        var core = end.State.Core;
        var options = end.Options;
        Assert.InRange(core.Streams.Set.Count, 0, known + (int)options.MaxConcurrentStreams + 1);
        Assert.True(core.Block is null || core.Block.Block.Length <= options.MaxHeaderListSizeHard);
        Assert.InRange(core.Flow.Receive.Octets, 0, options.InitialConnectionWindow);
        Assert.InRange(core.Flow.Send.Octets, 0, end.IsFinished ? long.MaxValue : WireConstants.MaxWindow);
        // what is owed for a frame is of the size of a frame
        Assert.InRange(end.Sent.Length, 0, 1000 + known * 100 + octets.Length * 4);
    }

    private static void AssertTerminal(End end, byte[] octets)
    {
        end.Receive(octets, 0);
        end.Do((s, effects) => Connection.Abort(s, ErrorCode.InternalError, effects));
        Assert.True(end.IsFinished);
        var (state, sent, events, pending) = (end.State, end.Sent.Length, end.Events.Count, end.Pending);
        end.Receive(octets, 1);
        Assert.Equal(pending + octets.Length, end.Pending);
        end.Do((s, effects) => Connection.Tick(s, 1_000_000, effects));
        end.Do((s, effects) => Connection.EndOfInput(s, effects));
        end.Do((s, effects) => Connection.Disconnect(s, effects));
        end.Do((s, effects) => Connection.Abort(s, ErrorCode.InternalError, effects));
        Assert.Equal((sent, events), (end.Sent.Length, end.Events.Count));
        Assert.Equal(state.Core.Phase, end.State.Core.Phase);
        Assert.Equal(long.MaxValue, Connection.NextDeadline(end.State));
    }
}
