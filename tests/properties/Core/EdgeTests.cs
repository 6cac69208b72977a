using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Rules of messages and streams at the very place where they begin to hold: one less, one more, the other role.</summary>
public sealed class EdgeTests
{
    private static readonly (string, string)[] Connect = [(":method", "CONNECT"), (":authority", "example.org:443")];

    [Fact]
    public void A_length_may_be_declared_twice_when_both_say_the_same()
    {
        var rig = Rig.Server().Get(1).Get(3);
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, Rig.Head(200, 4, ("content-length", "3")), "abc"u8.ToArray()));
        Assert.Equal(Refusal.None, rig.Respond(1, Rig.Head(200, 3, ("content-length", "3")), "abc"u8.ToArray()));
        Assert.Equal(Refusal.None, rig.Respond(3, Rig.Head(200, 0, ("content-length", "0")), []));
    }

    [Fact]
    public void A_declared_length_of_zero_is_a_declared_length()
    {
        var rig = Rig.Server().Get(1).Get(3).Get(5);
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, body: "a", length: 0));
        Assert.Equal(Refusal.InvalidField, rig.Respond(3, 204, length: 0));
        Assert.Equal(Refusal.InvalidField, rig.Respond(3, Rig.Head(204, -1, ("content-length", "0")), []));
        Assert.Equal(Refusal.None, rig.Respond(5, end: false, length: 0));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Body(5, "a"));
        Assert.Equal(Refusal.None, rig.Body(5, "", end: true));
    }

    [Fact]
    public void The_first_and_the_last_status_of_each_kind_may_be_sent()
    {
        var rig = Rig.Server().Get(1).Get(3);
        Assert.Equal(Refusal.InvalidStatus, rig.Inform(1, 99));
        Assert.Equal(Refusal.None, rig.Inform(1, 100));
        Assert.Equal(Refusal.InvalidStatus, rig.Inform(1, 101));
        Assert.Equal(Refusal.None, rig.Inform(1, 199));
        Assert.Equal(Refusal.InvalidStatus, rig.Inform(1, 200));
        Assert.Equal(Refusal.InvalidStatus, rig.Respond(1, 199));
        Assert.Equal(Refusal.InvalidStatus, rig.Respond(1, 1000));
        Assert.Equal(Refusal.None, rig.Respond(1, 999));
        Assert.Equal(Refusal.None, rig.Respond(3, 200));
    }

    [Fact]
    public void An_informational_response_has_neither_a_length_nor_a_pseudo_field_for_a_date()
    {
        var rig = Rig.Server().Get(1);
        Refusal Inform(OutboundHead head) => Connection.SubmitInformational(rig.State, new(1), head, rig.Effects, out _);
        Assert.Equal(Refusal.InvalidField, Inform(new OutboundHead(103, [], 0)));
        Assert.Equal(Refusal.InvalidField, Inform(new OutboundHead(103, [], -1, (":date", "x"))));
        Assert.Equal(Refusal.InvalidField, Inform(new OutboundHead(103, [("content-length", "0")])));
        Assert.Equal(Refusal.None, Inform(new OutboundHead(103, [], -1, ("date", "x"))));
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    [InlineData(404, false)]
    public void CONNECT_is_a_tunnel_from_200_to_299(int status, bool tunnel)
    {
        var rig = Rig.Server().Headers(1, false, Connect);
        Assert.Equal(tunnel ? Refusal.InvalidField : Refusal.None, rig.Respond(1, status, end: false, length: 0));
        if (tunnel)
            Assert.Equal(Refusal.None, rig.Respond(1, status, end: false));
        Assert.Equal(tunnel ? Refusal.InvalidField : Refusal.None, rig.Trailers(1, ("x", "y")));
    }

    [Fact]
    public void A_tunnel_of_a_client_takes_any_number_of_octets_and_no_trailers()
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.None, Connection.SubmitRequest(rig.State, Rig.Fields(Connect), false, rig.Effects, out _, out var next));
        rig.State = next;
        rig.Headers(1, false, (":status", "200"), ("content-length", "1")).Data(1, "more than one");
        Assert.Equal(Refusal.None, rig.Body(1, "and back"));
        Assert.Equal(Refusal.InvalidField, rig.Trailers(1, ("x", "y")));
        Assert.Equal(StreamState.Open, rig.StateOf(1));
        rig.Forget();
        rig.Headers(1, true, ("x", "y"));
        Assert.Contains("RST_STREAM 1 ProtocolError", rig.Frames());
    }

    [Fact]
    public void A_CONNECT_that_is_refused_has_an_ordinary_response()
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.None, Connection.SubmitRequest(rig.State, Rig.Fields(Connect), false, rig.Effects, out _, out var next));
        rig.State = next;
        rig.Headers(1, false, (":status", "404"), ("content-length", "2")).Data(1, "no").Headers(1, true, ("x", "y"));
        Assert.Contains("trailers 1 x=y", rig.Events());
    }

    [Fact]
    public void The_response_to_HEAD_declares_a_length_and_has_no_body()
    {
        var rig = Rig.Client();
        rig.Ask(out _, method: "HEAD");
        rig.Ask(out _, method: "HEAD");
        rig.Headers(1, false, (":status", "200"), ("content-length", "5")).Data(1, "", end: true);
        Assert.Contains("closed 1 NoError", rig.Events());
        rig.Headers(3, false, (":status", "200"), ("content-length", "5")).Data(3, "x");
        Assert.Contains("stream fault 3 ProtocolError 6.4.1", rig.Events());
    }

    [Fact]
    public void The_body_of_a_HEAD_request_may_come_after_its_response()
    {
        var rig = Rig.Server().Headers(1, false, Rig.Request("HEAD"));
        rig.Respond(1);
        rig.Forget();
        rig.Data(1, "x", end: true);
        Assert.Equal(["data 1 end x", "closed 1 NoError"], rig.Events());
    }

    [Fact]
    public void A_pushed_HEAD_has_no_body()
    {
        var rig = Rig.Server().Get(1);
        Assert.Equal(Refusal.None, rig.Push(1, out var promised, Rig.Request("HEAD")));
        Assert.Equal(Refusal.BodyNotAllowed, rig.Respond(promised, body: "x"));
        Assert.Equal(Refusal.None, rig.Respond(promised, length: 1));
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

    [Fact]
    public void A_body_that_just_fits_goes_out_with_its_head()
    {
        var rig = Rig.Server().Setting(SettingId.InitialWindowSize, 5).Get(1);
        rig.Forget();
        rig.Respond(1, body: "hello");
        Assert.Equal("DATA 1 end hello", rig.Frames()[^1]);
    }

    [Fact]
    public void Credit_that_came_before_the_response_counts()
    {
        var rig = Rig.Server().Setting(SettingId.InitialWindowSize, 0).Get(1).Window(1, 5);
        rig.Forget();
        rig.Respond(1, body: "hello");
        Assert.Equal("DATA 1 end hello", rig.Frames()[^1]);
    }

    [Fact]
    public void An_empty_budget_sends_nothing()
    {
        var rig = Rig.Server().Get(1);
        rig.Respond(1, end: false);
        rig.Body(1, "abc");
        rig.Forget();
        rig.Drain(0);
        Assert.Empty(rig.Frames());
        rig.Drain(1);
        Assert.Equal(["DATA 1 abc"], rig.Frames());
    }

    [Fact]
    public void Trailers_without_a_queue_go_out_at_once_and_end_the_stream()
    {
        var rig = Rig.Server().Get(1);
        rig.Respond(1, end: false);
        rig.Forget();
        Assert.Equal(Refusal.None, rig.Trailers(1, ("x", "y")));
        Assert.Equal(["HEADERS 1 end x=y"], rig.Frames());
        Assert.Equal(["closed 1 NoError"], rig.Events());
        Assert.Equal(Refusal.StreamClosed, rig.Trailers(1, ("x", "y")));
    }

    [Fact]
    public void Stream_0_is_the_connection_and_has_no_state() =>
        Assert.Equal(StreamState.Idle, Rig.Server().StateOf(0));

    [Theory]
    [InlineData("0", "x", false)]
    [InlineData("1", "x", true)]
    [InlineData("2", "x", false)]
    public void Trailers_come_when_the_declared_length_is_there(string declared, string body, bool fits)
    {
        var rig = Rig.Server().Post(1, ("content-length", declared));
        rig.Forget();
        rig.Data(1, body).Headers(1, true, ("x-t", "1"));
        Assert.Equal(fits, rig.Frames().Length == 0);
    }

    [Fact]
    public void Empty_DATA_is_a_glitch_unless_it_ends_the_body()
    {
        var none = ConnectionOptions.Default with { GlitchLimit = new(0, 0) };
        Assert.False(Rig.Server(none).Post(1).Data(1, "x").Data(1, "", end: true).IsFinished);
        Assert.True(Rig.Server(none).Post(1).Data(1, "").IsFinished);
    }

    [Fact]
    public void A_broken_PRIORITY_is_judged_before_it_is_counted()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { GlitchLimit = new(0, 0) });
        rig.Raw(FrameType.Priority, 0, 0, 0, 0, 0, 1, 16);
        Assert.Equal(["GOAWAY 0 ProtocolError"], rig.Frames());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(7, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void A_priority_is_taken_for_streams_that_may_be_open(uint id, bool taken)
    {
        // 1 and 2 are open, and there is room for two more
        var rig = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 3 }).Get(1);
        rig.Push(1, out _, Rig.Request());
        rig.Send(output => PriorityUpdateFrame.Write(output, new(id), "u=1"u8));
        Assert.Equal(taken, !rig.IsFinished);
    }

    [Fact]
    public void What_is_owed_is_announced_when_a_narrower_window_makes_it_much()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { InitialStreamWindow = 1000 }).Post(1).Post(3).Post(5);
        rig.Data(1, new byte[400]).Data(3, new byte[300], end: true);
        rig.Consume(1, 400);
        rig.Consume(3, 300);
        rig.Forget();
        rig.Submit(new Setting(SettingId.InitialWindowSize, 1000));
        rig.Submit(new Setting(SettingId.InitialWindowSize, 5000));
        rig.Submit(new Setting(SettingId.InitialWindowSize, 900));
        Assert.DoesNotContain(rig.Frames(), frame => frame.StartsWith("WINDOW_UPDATE", StringComparison.Ordinal));
        rig.Submit(new Setting(SettingId.InitialWindowSize, 700));
        Assert.Equal(["SETTINGS InitialWindowSize=700", "WINDOW_UPDATE 1 400"], rig.Frames());
        rig.Submit(new Setting(SettingId.InitialWindowSize, 600));
        Assert.Equal(["SETTINGS InitialWindowSize=600"], rig.Frames());
    }

    [Theory]
    [InlineData(256, 0, false)]
    [InlineData(257, 0, true)]
    [InlineData(256, 96, false)]
    [InlineData(0, 97, true)]
    public void Cookie_crumbs_have_a_bound_of_their_own(int crumbs, int others, bool refused)
    {
        // four pseudo-fields count among the hundred others
        var rig = Rig.Server();
        rig.Forget();
        rig.Headers(1, true, [
            .. Rig.Request(), .. Enumerable.Range(0, crumbs).Select(i => ("cookie", $"c={i}")),
            .. Enumerable.Range(0, others).Select(i => ($"x-{i}", "")),
        ]);
        Assert.Equal(refused ? ["HEADERS 1 end :status=431 content-length=0"] : [], rig.Frames());
    }
}
