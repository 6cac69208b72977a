using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class PushTests
{
    [Fact]
    public void A_push_is_promised_and_then_answered_like_a_request()
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.None, Connection.CanPush(rig.State, new(1)));
        Assert.Equal(Refusal.None, rig.Push(1, out var promised, Rig.Request(path: "/a.css")));
        Assert.Equal(2u, promised);
        Assert.Equal(StreamState.ReservedLocal, rig.StateOf(2));
        Assert.Equal(Refusal.ResponseNotSent, rig.Body(2, "x"));
        Assert.Equal(Refusal.None, rig.Inform(2, 103));
        Assert.Equal(StreamState.HalfClosedRemote, rig.StateOf(2));
        Assert.Equal(Refusal.None, rig.Respond(2, 200, "css"));
        Assert.Equal(Refusal.None, rig.Respond(1));
        Assert.Equal(
            ["PUSH_PROMISE 1 2 :method=GET :scheme=http :path=/a.css :authority=example.org",
             "HEADERS 2 :status=103", "HEADERS 2 :status=200", "DATA 2 end css", "HEADERS 1 end :status=200"],
            rig.Frames());
        Assert.Equal(["request 1 end GET /", "closed 2 NoError", "closed 1 NoError"], rig.Events());
        Assert.Equal(0, rig.State.Core.Streams.OwnCount);
    }

    [Fact]
    public void A_client_that_wants_no_pushes_gets_none()
    {
        var rig = Rig.Server();
        rig.Get(1).Setting(SettingId.EnablePush, 0);
        rig.Forget();
        Assert.Equal(Refusal.PushDisabled, Connection.CanPush(rig.State, new(1)));
        Assert.Equal(Refusal.PushDisabled, rig.Push(1, out _, Rig.Request()));
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void Pushes_keep_to_the_peers_limit_of_streams()
    {
        var rig = Rig.Server();
        rig.Get(1).Setting(SettingId.MaxConcurrentStreams, 1);
        Assert.Equal(Refusal.None, rig.Push(1, out var promised, Rig.Request()));
        Assert.Equal(Refusal.PushLimitReached, rig.Push(1, out _, Rig.Request()));
        rig.Respond(promised);
        Assert.Equal(Refusal.None, rig.Push(1, out promised, Rig.Request()));
        rig.Rst(promised);
        Assert.Equal(Refusal.None, rig.Push(1, out _, Rig.Request()));
    }

    [Fact]
    public void Pushes_keep_to_a_budget_for_the_connection()
    {
        var rig = Rig.Server(new() { MaxPushes = 2 });
        rig.Get(1);
        rig.Push(1, out var promised, Rig.Request());
        rig.Respond(promised);
        rig.Push(1, out promised, Rig.Request());
        rig.Respond(promised);
        Assert.Equal(Refusal.PushLimitReached, rig.Push(1, out _, Rig.Request()));
    }

    [Fact]
    public void Pushes_belong_to_a_request_whose_response_has_not_ended()
    {
        var rig = Rig.Server();
        rig.Post(1);
        Assert.Equal(Refusal.None, Connection.CanPush(rig.State, new(1)));
        rig.Respond(1);
        Assert.Equal(Refusal.StreamEnded, Connection.CanPush(rig.State, new(1)));
        rig.Data(1, "", end: true);
        Assert.Equal(Refusal.StreamClosed, Connection.CanPush(rig.State, new(1)));
        Assert.Equal(Refusal.StreamClosed, Connection.CanPush(rig.State, new(3)));
        rig.Get(5);
        rig.Push(5, out var promised, Rig.Request());
        Assert.Equal(Refusal.StreamClosed, Connection.CanPush(rig.State, new(promised)));
        rig.Respond(5, Rig.Head(200), new byte[100_000]);
        Assert.Equal(Refusal.StreamEnded, Connection.CanPush(rig.State, new(5)));
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("GET", "")]
    [InlineData("OPTIONS", "*")]
    public void A_request_that_may_not_be_promised_is_refused(string method, string path)
    {
        var rig = Rig.Server();
        rig.Get(1);
        Assert.Equal(Refusal.InvalidField, rig.Push(1, out _, Rig.Request(method, path)));
        Assert.Empty(rig.Frames());
        Assert.Equal(StreamState.Idle, rig.StateOf(2));
    }

    [Fact]
    public void A_push_that_the_client_refuses_is_closed_and_costs_nothing_further()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Push(1, out var promised, Rig.Request());
        rig.Forget();
        rig.Rst(promised, ErrorCode.RefusedStream);
        Assert.Equal(["closed 2 RefusedStream abnormal"], rig.Events());
        Assert.Equal(Refusal.StreamClosed, rig.Respond(promised));
        Assert.Equal(0, rig.State.Core.Streams.LingeringCount);
    }

    [Fact]
    public void A_client_does_not_push()
    {
        var server = Rig.Server();
        server.Post(1);
        server.Forget();
        server.Promise(1, 2, Rig.Request());
        Assert.Equal(["GOAWAY 1 ProtocolError"], server.Frames());
        Assert.Contains("connection fault ProtocolError 8.4", server.Events());
        var client = Rig.Client();
        client.Ask(out var id);
        Assert.Equal(Refusal.PushDisabled, Connection.CanPush(client.State, new(id)));
        Assert.Equal(Refusal.PushDisabled, client.Push(id, out _, Rig.Request()));
    }

    [Fact]
    public void A_client_is_told_of_promises_and_their_responses()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 2, Rig.Request(path: "/a.css")).Headers(2, false, (":status", "200")).Data(2, "css", end: true);
        Assert.Equal(["promised 1 2 /a.css", "response 2 200", "data 2 end css", "closed 2 NoError"], rig.Events());
        Assert.Empty(rig.Frames());
    }

    [Fact]
    public void A_client_may_refuse_a_promise_and_what_was_in_flight_is_discarded()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Promise(1, 2, Rig.Request());
        rig.Forget();
        Assert.Equal(Refusal.None, rig.Reset(2, ErrorCode.RefusedStream));
        rig.Headers(2, false, (":status", "200")).Data(2, "css", end: true);
        Assert.Equal(["RST_STREAM 2 RefusedStream"], rig.Frames());
        Assert.Equal(["closed 2 RefusedStream abnormal"], rig.Events());
    }

    [Fact]
    public void A_promise_after_pushes_were_turned_off_is_a_connection_error()
    {
        var rig = Rig.Client(new() { EnablePush = false });
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 2, Rig.Request());
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void A_promise_that_crossed_our_refusal_of_pushes_is_reset_in_silence()
    {
        var rig = Rig.Fresh(Role.Client, new() { EnablePush = false });
        rig.Settings();
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 2, Rig.Request());
        Assert.Equal(["RST_STREAM 2 Cancel"], rig.Frames());
        Assert.Empty(rig.Events());
    }

    [Fact]
    public void A_promise_on_a_request_that_we_reset_is_decoded_and_reset()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Reset(1);
        rig.Forget();
        rig.Promise(1, 2, [.. Rig.Request(), ("x-indexed", "value")]);
        Assert.Equal(["RST_STREAM 2 Cancel"], rig.Frames());
        rig.Ask(out _);
        rig.Headers(3, true, (":status", "200"), ("x-indexed", "value"));
        Assert.Contains("response 3 end 200", rig.Events());
    }

    [Theory]
    [InlineData(3u, 2u)]
    [InlineData(1u, 3u)]
    [InlineData(1u, 0u)]
    public void A_promise_on_an_idle_stream_or_of_a_wrong_one_is_a_connection_error(uint id, uint promised)
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(id, promised, Rig.Request());
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void A_promise_after_the_response_ended_is_a_connection_error()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Headers(1, true, (":status", "200"));
        rig.Forget();
        rig.Promise(1, 2, Rig.Request());
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void Promised_identifiers_rise()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 4, Rig.Request()).Promise(1, 2, Rig.Request());
        Assert.Equal(["GOAWAY 4 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void Promises_beyond_our_limit_are_refused()
    {
        var rig = Rig.Client(new() { MaxConcurrentStreams = 1 });
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 2, Rig.Request()).Promise(1, 4, Rig.Request());
        Assert.Equal(["RST_STREAM 4 RefusedStream"], rig.Frames());
        Assert.Equal(["promised 1 2 /"], rig.Events());
    }

    [Fact]
    public void A_promise_of_a_request_with_a_body_is_a_stream_error()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Promise(1, 2, Rig.Request("POST"));
        Assert.Equal(["RST_STREAM 2 ProtocolError"], rig.Frames());
        Assert.Equal(["stream fault 2 ProtocolError 8.4"], rig.Events());
    }

    [Fact]
    public void DATA_on_a_promised_stream_before_its_response_is_a_connection_error()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Promise(1, 2, Rig.Request());
        rig.Forget();
        rig.Data(2, "x");
        Assert.Equal(["GOAWAY 2 ProtocolError"], rig.Frames());
    }
}
