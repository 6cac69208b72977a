using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Promises that a client gets (RFC 9113 §8.4).</summary>
public sealed class PromiseTests
{
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
    public void A_malformed_promise_after_our_GOAWAY_resets_its_stream_and_the_connection_goes_on_to_its_end()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Shutdown();
        rig.Forget();
        rig.Promise(1, 2, Rig.Request("POST"));
        Assert.Equal(["RST_STREAM 2 ProtocolError"], rig.Frames());
        Assert.Equal(["stream fault 2 ProtocolError 8.4"], rig.Events());
        Assert.False(rig.IsFinished);
        // what was on its way behind the promise is discarded, and the response of the request still comes
        rig.Headers(2, false, (":status", "200")).Data(2, "css", end: true);
        Assert.Empty(rig.Frames());
        Assert.Empty(rig.Events());
        rig.Headers(1, true, (":status", "200"));
        Assert.Contains("response 1 end 200", rig.Events());
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

    [Fact]
    public void A_promise_does_not_repeat_an_identifier()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        Assert.False(rig.Promise(1, 4, Rig.Request()).IsFinished);
        Assert.True(rig.Promise(1, 4, Rig.Request()).IsFinished);
    }

    [Fact]
    public void A_promise_that_is_given_up_leaves_a_reset_stream()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Submit(new Setting(SettingId.EnablePush, 0));
        rig.Forget();
        rig.Promise(1, 2, Rig.Request());
        Assert.Equal(["RST_STREAM 2 Cancel"], rig.Frames());
        Assert.Equal(StreamState.ResetByUs, rig.StateOf(2));
        Assert.Equal(0, rig.State.Core.Streams.PeerCount);
    }

    [Fact]
    public void An_informational_response_opens_a_promised_stream()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Promise(1, 2, Rig.Request()).Headers(2, false, (":status", "103"));
        Assert.Equal(StreamState.HalfClosedLocal, rig.StateOf(2));
    }
}
