using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Content lengths that a message declares, in its head, in a field, or in both.</summary>
public sealed class BodyLengthTests
{
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
}
