using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Responses that have no body, whatever length they declare: to HEAD, 204 and 304.</summary>
public sealed class BodilessTests
{
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
}
