using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Octets as values.</summary>
public sealed class OctetsTests
{
    [Fact]
    public void Octets_are_equal_by_content()
    {
        var octets = Octets.FromHex("00ff41");
        Assert.True(octets == Octets.Copy([0, 255, 65]) && octets != Octets.FromHex("00ff42") && octets.Equals((object)Octets.FromHex("00FF41")));
        Assert.False(octets.Equals((object)"00ff41"));
        Assert.Equal(octets.GetHashCode(), Octets.FromHex("00ff41").GetHashCode());
        Assert.NotEqual(octets.GetHashCode(), Octets.FromHex("00ff42").GetHashCode());
        Assert.Equal((3, (byte)255, false, "00ff41"), (octets.Length, octets[1], octets.IsEmpty, octets.ToHex()));
        Assert.Equal("ff", octets.Slice(1, 1).ToHex());
        Assert.True(Octets.Empty.IsEmpty && Octets.FromString("").IsEmpty && Octets.Copy([]).IsEmpty);
        Assert.Equal("é", ((Octets)"é").ToString());
        Assert.Equal(2, ((Octets)"é").Length);
    }
}
