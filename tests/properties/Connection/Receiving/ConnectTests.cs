using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>CONNECT: a tunnel once it was accepted, an ordinary exchange when it was not (RFC 9113 §8.5).</summary>
public sealed class ConnectTests
{
    private static readonly (string, string)[] Connect = [(":method", "CONNECT"), (":authority", "example.org:443")];

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
}
