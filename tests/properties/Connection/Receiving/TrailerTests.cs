using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Trailers that are sent, and which fields they may hold.</summary>
public sealed class TrailerTests
{
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
}
