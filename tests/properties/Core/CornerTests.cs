using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Rules that hold in corners: after a change of settings, on a stream that is nearly gone, between two ends of a connection.</summary>
public sealed class CornerTests
{
    [Fact]
    public void A_length_of_zero_in_one_place_contradicts_another_length_in_the_other()
    {
        var rig = Rig.Server().Get(1);
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, Rig.Head(200, 1, ("content-length", "0")), "a"u8.ToArray()));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, Rig.Head(200, 0, ("content-length", "1")), "a"u8.ToArray()));
    }

    [Fact]
    public void Without_a_declared_length_nothing_is_promised_however_much_comes_and_goes()
    {
        var rig = Rig.Server().Post(1).Data(1, "abc");
        Assert.Equal(Refusal.None, rig.Respond(1, body: "ab", end: false));
        Assert.Equal(-1, rig.State.Core.Streams.Find(new(1))!.Outgoing.Left.OctetsOrMinusOne);
        Assert.Equal(Refusal.None, rig.Body(1, "cd"));
        Assert.Equal((-1, -1), (rig.State.Core.Streams.Find(new(1))!.Outgoing.Left.OctetsOrMinusOne, rig.State.Core.Streams.Find(new(1))!.Incoming.Left.OctetsOrMinusOne));
    }

    [Fact]
    public void A_declared_length_of_zero_still_holds_after_an_empty_frame()
    {
        var rig = Rig.Server().Post(1, ("content-length", "0")).Data(1, "");
        rig.Forget();
        rig.Data(1, "x");
        Assert.Contains("stream fault 1 ProtocolError 8.1.1", rig.Events());
    }

    [Fact]
    public void TE_may_stand_in_the_trailers_of_a_request_alone()
    {
        var server = Rig.Server().Post(1);
        server.Headers(1, true, ("te", "trailers"));
        Assert.Contains("trailers 1 te=trailers", server.Events());
        Assert.Equal(Refusal.None, server.Respond(1, end: false));
        Assert.Equal(Refusal.InvalidField, server.Trailers(1, ("te", "trailers")));
        var client = Rig.Client();
        client.Ask(out _, end: false);
        Assert.Equal(Refusal.None, client.Trailers(1, ("te", "trailers")));
        client.Headers(1, false, (":status", "200")).Headers(1, true, ("te", "trailers"));
        Assert.DoesNotContain("trailers 1 te=trailers", client.Events());
    }

    [Fact]
    public void A_tick_before_its_time_changes_nothing()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(1_000_000) }).Get(1);
        rig.Respond(1);
        var (before, due) = (rig.State, Connection.NextDeadline(rig.State));
        rig.Tick(10);
        Assert.Equal(before, rig.State);
        Assert.Equal(due, Connection.NextDeadline(rig.State));
    }

    [Fact]
    public void A_promise_that_comes_after_our_last_GOAWAY_does_not_make_the_next_one_grow()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Forget();
        rig.Shutdown();
        Assert.Equal(["GOAWAY 0 NoError"], rig.Frames());
        rig.Promise(1, 2, Rig.Request());
        rig.Forget();
        rig.Abort(ErrorCode.InternalError);
        Assert.Equal(["GOAWAY 0 InternalError"], rig.Frames());
        Assert.True(rig.State.Core.Closing.IsFinal);
    }

    [Fact]
    public void A_priority_is_taken_for_streams_below_the_highest_and_for_pushes()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 3 }).Get(1).Get(3).Get(5);
        rig.Push(1, out _, Rig.Request());
        Assert.False(rig.Send(output => PriorityUpdateFrame.Write(output, new(1), "u=1"u8)).IsFinished);
        var pushing = Rig.Server(ConnectionOptions.Default with { MaxConcurrentStreams = 1 }).Get(1);
        pushing.Push(1, out var promised, Rig.Request());
        Assert.False(pushing.Send(output => PriorityUpdateFrame.Write(output, new(promised), "u=1"u8)).IsFinished);
    }

    [Fact]
    public void A_priority_is_taken_for_a_stream_that_is_open_although_the_limit_is_below_what_is_open()
    {
        var rig = Rig.Server().Get(1).Get(3).Get(5);
        rig.Submit(new Setting(SettingId.MaxConcurrentStreams, 1));
        Assert.False(rig.Send(output => PriorityUpdateFrame.Write(output, new(5), "u=1"u8)).IsFinished);
        Assert.True(rig.Send(output => PriorityUpdateFrame.Write(output, new(7), "u=1"u8)).IsFinished);
    }

    [Fact]
    public void The_end_of_a_block_that_nobody_wants_may_be_the_end_of_the_connection()
    {
        var rig = Rig.Server().Get(1);
        rig.Respond(1);
        var block = rig.Block(Rig.Request());
        rig.Raw(FrameType.Headers, 1, 3, block.AsSpan(0, 2));
        rig.Shutdown();
        rig.Tick(1000);
        Assert.False(rig.IsFinished);
        rig.Raw(FrameType.Continuation, 4, 3, block.AsSpan(2));
        Assert.True(rig.IsFinished);
    }

    [Theory]
    [InlineData("200", false)]
    [InlineData("299", false)]
    [InlineData("300", true)]
    public void A_client_takes_trailers_of_a_CONNECT_that_was_refused(string status, bool taken)
    {
        var rig = Rig.Client();
        var fields = Rig.Fields((":method", "CONNECT"), (":authority", "example.org:443"));
        Assert.Equal(Refusal.None, Connection.SubmitRequest(rig.State, fields, false, rig.Effects, out _, out var next));
        rig.State = next;
        rig.Headers(1, false, (":status", status));
        var stream = rig.State.Core.Streams.Find(new(1))!;
        Assert.Equal((ResponseStage.WithBody, taken ? RequestKind.Plain : RequestKind.Connect), (stream.Response, stream.Kind));
        rig.Headers(1, true, ("x", "y"));
        Assert.Equal(taken, rig.Events().Contains("trailers 1 x=y"));
    }

    [Theory]
    [InlineData("GET", "200", false)]
    [InlineData("GET", "204", true)]
    [InlineData("GET", "304", true)]
    [InlineData("HEAD", "200", true)]
    public void A_response_without_a_body_is_known_by_its_method_or_status(string method, string status, bool bodiless)
    {
        var rig = Rig.Client();
        rig.Ask(out _, method: method);
        rig.Headers(1, false, (":status", status));
        var stage = bodiless ? ResponseStage.WithoutBody : ResponseStage.WithBody;
        Assert.Equal(stage, rig.State.Core.Streams.Find(new(1))!.Response);
        rig.Forget();
        rig.Data(1, "x", end: true);
        Assert.Equal(bodiless, rig.Events().Any(line => line.StartsWith("stream fault 1", StringComparison.Ordinal)));
    }

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

    [Fact]
    public void Octets_that_are_kept_are_a_value()
    {
        var kept = PartialFrame.None.Add("ab").Add("cd");
        Assert.Same(kept, kept.Add(Octets.Empty));
        Assert.Same(PartialFrame.None, PartialFrame.Of(Octets.Empty));
        Assert.Same(PartialFrame.None, PartialFrame.OfPreface(Octets.Empty));
        Assert.False(kept.Equals(null));
        Assert.False(kept.Equals((object)"abcd"));
        Assert.NotEqual(kept, PartialFrame.None.Add("abc"));
        Assert.Equal("4 octets", kept.ToString());
        Assert.Equal("abcd", kept.Join().ToString());
    }

    [Fact]
    public void An_end_may_push_until_it_is_told_otherwise() => Assert.True(new SettingsInForce().EnablePush && SettingsInForce.Initial == new SettingsInForce());

    [Fact]
    public void A_setting_is_judged_by_itself_before_it_is_judged_by_its_effect()
    {
        var rig = Rig.Server().Setting(SettingId.InitialWindowSize, 0x80000000);
        Assert.Contains("connection fault FlowControlError 6.5.2", rig.Events());
    }

    [Fact]
    public void A_setting_that_is_an_error_is_not_applied()
    {
        var rig = Rig.Client().Setting(SettingId.EnablePush, 0).Setting(SettingId.EnablePush, 1);
        Assert.Contains("connection fault ProtocolError 6.5.2", rig.Events());
        Assert.False(rig.State.Core.Peer.EnablePush);
    }

    [Fact]
    public void The_GOAWAY_that_tells_of_an_error_is_the_last()
    {
        var rig = Rig.Server().Get(1);
        rig.Shutdown();
        Assert.False(rig.State.Core.Closing.IsFinal);
        rig.Window(0, 0);
        Assert.True(rig.State.Core.Closing.IsFinal);
    }

    [Fact]
    public void Settings_of_ours_that_narrow_no_window_leave_the_streams_as_they_are()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { InitialStreamWindow = 1000 }).Post(1).Data(1, new byte[400]);
        rig.Consume(1, 300);
        var before = rig.State.Core.Streams.Find(new(1));
        rig.Submit(new Setting(SettingId.InitialWindowSize, 1000));
        rig.Submit(new Setting(SettingId.MaxConcurrentStreams, 7));
        rig.Submit(new Setting(SettingId.InitialWindowSize, 2000));
        Assert.Same(before, rig.State.Core.Streams.Find(new(1)));
    }

    [Fact]
    public void The_length_that_a_CONNECT_declares_does_not_bound_its_tunnel()
    {
        var rig = Rig.Client();
        var fields = Rig.Fields((":method", "CONNECT"), (":authority", "example.org:443"), ("content-length", "3"));
        Assert.Equal(Refusal.None, Connection.SubmitRequest(rig.State, fields, false, rig.Effects, out _, out var next));
        rig.State = next;
        rig.Headers(1, false, (":status", "200"));
        Assert.Equal(Refusal.None, rig.Body(1, "more than three"));
        Assert.Equal(Refusal.None, rig.Body(1, "", end: true));
    }

    [Fact]
    public void A_frame_of_which_the_header_came_is_looked_at_again_when_the_rest_is_there()
    {
        var octets = new OutputBuffer();
        octets.Write(WireConstants.Preface);
        SettingsFrame.Write(octets);
        PingFrame.Write(octets, 1);
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        var fold = Connection.Step(start, new Input.Received(new Octets(octets.WrittenMemory[..^8]), 0)).State;
        Assert.Equal(FrameHeader.Size, fold.Incomplete);
        Assert.False(fold.Partial.Add("1234567").IsEnough);
        Assert.True(fold.Partial.Add("12345678").IsEnough);
    }
}
