using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

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
    public void A_promised_stream_takes_no_DATA_of_the_client()
    {
        var rig = Rig.Server().Get(1);
        rig.Push(1, out _, Rig.Request());
        rig.Forget();
        rig.Data(2, "x");
        Assert.Equal(["GOAWAY 1 ProtocolError"], rig.Frames());
    }

    [Fact]
    public void As_many_pushes_are_made_as_the_option_says()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { MaxPushes = 2 }).Get(1);
        Assert.Equal(Refusal.None, rig.Push(1, out _, Rig.Request()));
        Assert.Equal(Refusal.None, rig.Push(1, out _, Rig.Request()));
        Assert.Equal(Refusal.PushLimitReached, rig.Push(1, out _, Rig.Request()));
    }
}
