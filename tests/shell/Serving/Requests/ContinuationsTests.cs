using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that hold the body of their request back until 100 (Continue) comes.</summary>
public sealed class ContinuationsTests
{
    private const string Continue = "HEADERS 1 :status 100";

    private readonly PlayedServer _server = new PlayedServer().Start(Expecting(1));

    private Continuations Continuations => _server.Role.Continuations;

    private Http2Request Request => _server.Request;

    private ContinueGate Gate => Request.Gate!;

    [Fact]
    public void Nothing_is_sent_before_somebody_wants_the_body()
    {
        Assert.Empty(_server.Frames());
        Assert.Equal((false, false), (Gate.IsPassed, Gate.HasBegun));
        // the client may wait as long as nobody wants its body
        Assert.Equal(0, _server.Connection.WatchedBodies);
    }

    [Fact]
    public void The_owners_thread_sends_100_before_the_call_returns()
    {
        _server.AsOwner(() =>
        {
            Gate.Want();
            Assert.True(Gate.IsPassed);
        });
        Assert.Equal([Continue], _server.Frames());
    }

    [Fact]
    public void Another_thread_has_the_owner_send_it()
    {
        Gate.Want();
        Gate.Want();
        Assert.Empty(_server.Frames());
        Assert.False(Gate.IsPassed);
        _server.Run();
        Assert.Equal([Continue], _server.Frames());
    }

    [Fact]
    public void It_is_sent_once()
    {
        _server.AsOwner(() =>
        {
            Gate.Want();
            Gate.Want();
            Continuations.Continue(Request);
        });
        Assert.Equal([Continue], _server.Frames());
        Gate.Want();
        Assert.Empty(_server.Scheduler.Queue);
    }

    [Fact]
    public void It_is_not_sent_when_the_answer_is_on_its_way()
    {
        Request.TryAnswer();
        _server.AsOwner(() => Continuations.Continue(Request));
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void It_is_not_sent_on_a_stream_that_is_about_to_end()
    {
        Request.Silence();
        _server.AsOwner(() => Continuations.Continue(Request));
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public void The_pace_of_the_body_is_asked_for_from_then_on()
    {
        Request.BodyPace = new PaceLimit(240, TimeSpan.FromSeconds(30));
        _server.Run();
        var body = Request.Body.ReadAsync().AsTask();
        _server.Run();
        Assert.False(body.IsCompleted);
        Assert.Equal(1, _server.Connection.WatchedBodies);
    }

    [Fact]
    public void A_gate_is_passed_once()
    {
        _server.AsOwner(() =>
        {
            Assert.True(Continuations.PassGate(Request));
            Assert.Equal(1, _server.Connection.WatchedBodies);
            Assert.False(Continuations.PassGate(Request));
            Assert.Equal(1, _server.Connection.WatchedBodies);
        });
    }

    [Fact]
    public void A_client_that_never_said_that_it_waits_may_be_told_as_often_as_the_handler_likes()
    {
        var server = new PlayedServer().Start(Requests.Post(1));
        Assert.Null(server.Request.Gate);
        server.AsOwner(() =>
        {
            Assert.True(server.Role.Continuations.PassGate(server.Request));
            Assert.True(server.Role.Continuations.PassGate(server.Request));
            server.Role.Continuations.OpenGate(server.Request);
        });
    }

    [Fact]
    public void A_body_that_comes_unasked_passes_the_gate_and_100_is_not_sent_any_more()
    {
        _server.Take(Requests.Data(1, 5));
        Assert.Equal((true, true), (Gate.IsPassed, Gate.HasBegun));
        Assert.Equal(1, _server.Connection.WatchedBodies);
        Gate.Want();
        _server.AsOwner(() => Continuations.Continue(Request));
        Assert.Empty(_server.Frames());
    }

    [Fact]
    public async Task A_response_that_is_held_asks_for_the_body_and_goes_on_when_it_begins()
    {
        Task<Http2Response> held = null!;
        var response = new Http2Response(200);
        _server.AsOwner(() =>
        {
            held = Gate.HoldAsync(response).AsTask();
            Assert.False(Gate.HasBegun);
        });
        Assert.Equal([Continue], _server.Frames());
        Assert.False(held.IsCompleted);
        _server.AsOwner(() => Continuations.OpenGate(Request));
        Assert.True(Gate.HasBegun);
        Assert.Same(response, await held.Soon());
    }

    [Fact]
    public async Task A_response_that_is_held_goes_on_when_the_stream_is_closed()
    {
        Task<Http2Response> held = null!;
        _server.AsOwner(() => held = Gate.HoldAsync(new Http2Response(200)).AsTask());
        _server.Take(Requests.Frame(3, 0, 1, [0, 0, 0, 8]));
        Assert.Equal(200, (await held.Soon()).Status);
    }

    // expect: 100-continue
    private static byte[] Expecting(uint id) => Requests.Frame(
        1, 0x4, id, [0x83, 0x86, 0x84, 0x41, 0x01, (byte)'a', 0x0f, 0x14, 12, .. "100-continue"u8]);
}
