using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Octets of a frame that is not whole yet, which are kept with the state.</summary>
public sealed class PartialFrameTests
{
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

    [Fact]
    public void Kept_octets_are_equal_by_content_however_they_came()
    {
        ConnectionFold After(params string[] parts)
        {
            var fold = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
            foreach (var part in parts)
                fold = Connection.Step(fold, new Input.Received(part, 0)).State;
            return fold;
        }

        Assert.Equal(After("PRI "), After("P", "RI", " "));
        Assert.Equal(After("PRI ").GetHashCode(), After("P", "RI", " ").GetHashCode());
        Assert.NotEqual(After("PRI "), After("PRI"));
        Assert.Equal(4, After("P", "RI", " ").Incomplete);
        Assert.NotEqual(WithFrame("000004"), WithFrame("000005"));
        Assert.NotEqual(WithFrame("000004"), WithFrame("00000406"));
        Assert.Equal(WithFrame("000004", "06"), WithFrame("00", "000406"));
    }

    private static ConnectionFold WithFrame(params string[] parts)
    {
        var octets = new OutputBuffer();
        octets.Write(WireConstants.Preface);
        SettingsFrame.Write(octets);
        var fold = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        fold = Connection.Step(fold, new Input.Received(new Octets(octets.WrittenMemory), 0)).State;
        foreach (var part in parts)
            fold = Connection.Step(fold, new Input.Received(Octets.FromHex(part), 0)).State;
        return fold;
    }
}
