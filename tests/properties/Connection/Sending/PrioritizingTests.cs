using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A client that tells the priority of a response after its request (RFC 9218 §7.1).</summary>
public sealed class PrioritizingTests
{
    [Fact]
    public void The_priority_of_an_open_stream_is_told_on_stream_0()
    {
        var rig = Rig.Client();
        rig.Ask(out var id);
        rig.Forget();
        Assert.Equal(Refusal.None, rig.Prioritize(id, "u=1, i"));
        var payload = rig.Effects.Output.WrittenMemory.ToArray();
        Assert.Equal(FrameType.PriorityUpdate, FrameHeader.Parse(payload).Type);
        Assert.True(FrameHeader.Parse(payload).StreamId.IsConnection);
        Assert.Equal([0, 0, 0, (byte)id, .. "u=1, i"u8], payload[FrameHeader.Size..]);
    }

    [Fact]
    public void A_stream_that_is_idle_or_closed_has_no_priority()
    {
        var rig = Rig.Client();
        Assert.Equal(Refusal.StreamClosed, rig.Prioritize(1, "u=1"));
        rig.Ask(out var id);
        rig.Reset(id);
        rig.Forget();
        Assert.Equal(Refusal.StreamClosed, rig.Prioritize(id, "u=1"));
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData("u=\u00fc")]
    [InlineData("u=1\n")]
    [InlineData("\u007f")]
    public void A_value_that_is_no_text_is_refused(string value)
    {
        var rig = Rig.Client();
        rig.Ask(out var id);
        rig.Forget();
        Assert.Equal(Refusal.InvalidArgument, rig.Prioritize(id, value));
        Assert.Empty(rig.Frames());
    }

    [Theory]
    [InlineData(1024, Refusal.None)]
    [InlineData(1025, Refusal.InvalidArgument)]
    public void A_value_is_not_longer_than_a_field_would_be(int length, Refusal refusal)
    {
        var rig = Rig.Client();
        rig.Ask(out var id);
        Assert.Equal(refusal, rig.Prioritize(id, new string(' ', length)));
    }

    [Fact]
    public void A_server_has_no_priorities_to_tell() => Assert.Equal(Refusal.WrongRole, Rig.Server().Get(1).Prioritize(1, "u=1"));

    [Fact]
    public void A_server_of_ours_takes_it()
    {
        var rig = Rig.Client();
        rig.Ask(out var id);
        rig.Prioritize(id, "u=0");
        var server = Rig.Server();
        server.Get(id).Octets(PriorityFrameOf(rig));
        Assert.False(server.IsFinished);
    }

    // What follows the request.
    private static byte[] PriorityFrameOf(Rig rig)
    {
        var octets = rig.Effects.Output.WrittenMemory.ToArray();
        var at = octets.Length - (FrameHeader.Size + PriorityUpdateFrame.FixedFields + 3);
        return octets[at..];
    }
}
