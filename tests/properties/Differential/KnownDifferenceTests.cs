using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Differential;

/// <summary>Every verdict on which ours and libnghttp2 differ, each way around, as docs/hpack-differences.md lists them.</summary>
public sealed class KnownDifferenceTests
{
    /// <summary>Two size updates are all that a change can need (RFC 7541 §4.2); libnghttp2 takes any number.</summary>
    [Nghttp2Theory]
    [InlineData("2020", true)]
    [InlineData("202020", false)]
    [InlineData("2020203fe11f82", false)]
    public void More_than_two_size_updates_are_refused_by_ours_only(string hex, bool ours)
    {
        var block = Convert.FromHexString(hex);
        Assert.Equal((ours ? HpackErrorKind.None : HpackErrorKind.TooManySizeUpdates, true), Judge(block));
    }

    /// <summary>More than 64 KiB on the wire is too long for libnghttp2; ours takes up to 2^24-1 octets (RFC 7541 §7.4).</summary>
    [Nghttp2Theory]
    [InlineData(65_536, false, true)]
    [InlineData(65_537, false, false)]
    [InlineData(65_536, true, true)]
    [InlineData(65_537, true, false)]
    public void Strings_longer_than_64_KiB_are_refused_by_libnghttp2_only(int length, bool isName, bool theirs)
    {
        var output = new OutputBuffer();
        output.Write([0x00]);
        foreach (var size in isName ? [length, 0] : new[] { 0, length })
        {
            output.Advance(PrefixInteger.Write(output.GetSpan(PrefixInteger.MaxLength), 0x00, 0x7f, size));
            output.Write(new byte[size]);
        }
        Assert.Equal((HpackErrorKind.None, theirs), Judge(output.Written().ToArray()));
    }

    /// <summary>A string beyond the limit that ours has is refused by both.</summary>
    [Nghttp2Fact]
    public void Strings_longer_than_ours_takes_are_refused_by_both()
    {
        var output = new OutputBuffer();
        output.Write([0x00, 0x00]);
        output.Advance(PrefixInteger.Write(output.GetSpan(PrefixInteger.MaxLength), 0x00, 0x7f, HpackDecoder.MaxStringLength + 1));
        output.Write(new byte[HpackDecoder.MaxStringLength + 1]);
        Assert.Equal((HpackErrorKind.StringTooLong, false), Judge(output.Written().ToArray()));
    }

    /// <summary>After a refused block ours goes on from the state before it; libnghttp2's inflater refuses all that follows.</summary>
    [Nghttp2Fact]
    public void A_refused_block_leaves_our_state_and_spoils_libnghttp2s()
    {
        using var theirs = new NativeInflater();
        Assert.False(theirs.Inflate([0x80], default, out _));
        Assert.False(theirs.Inflate([0x82], default, out _));
        var state = DecoderState.Create();
        Assert.True(HpackDecoder.Decode(state, Octets.FromHex("80")).IsLeft);
        Assert.True(HpackDecoder.Decode(state, Octets.FromHex("82")).IsRight);
    }

    private static (HpackErrorKind Ours, bool Theirs) Judge(ReadOnlySpan<byte> block)
    {
        var error = HpackDecoder.Decode(DecoderState.Create(), block, long.MaxValue, new FieldArena(), out var fields, out _);
        using var theirs = new NativeInflater();
        return (error.Kind, theirs.Inflate(block, fields, out _));
    }
}
