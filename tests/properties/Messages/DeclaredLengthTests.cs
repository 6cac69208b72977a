using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class DeclaredLengthTests
{
    [Fact]
    public void A_default_value_declares_nothing_and_takes_any_body()
    {
        var none = default(DeclaredLength);
        Assert.Equal((DeclaredLength.None, -1L, true), (none, none.OctetsOrMinusOne, none.IsMet));
        Assert.False(none.IsDeclared);
        Assert.True(none.TryTake(long.MaxValue, isLast: false, out var left));
        Assert.Equal(none, left);
        Assert.Equal("not declared", none.ToString());
        Assert.Equal(none, DeclaredLength.OfOptional(-1));
        Assert.Equal(DeclaredLength.Of(0), DeclaredLength.OfOptional(0));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(long.MaxValue)]
    public void A_declared_length_is_kept_whatever_it_is(long octets)
    {
        var length = DeclaredLength.Of(octets);
        Assert.True(length.IsDeclared);
        Assert.Equal((octets, octets == 0), (length.OctetsOrMinusOne, length.IsMet));
        Assert.Equal($"{octets} octets", length.ToString());
    }

    [Property]
    public void Parts_of_a_body_are_taken_until_it_is_whole_and_no_further(byte[] parts)
    {
        var whole = parts.Sum(part => part);
        var left = DeclaredLength.Of(whole);
        foreach (var part in parts)
        {
            Assert.Equal(left.OctetsOrMinusOne == part, left.TryTake(part, isLast: true, out _));
            Assert.True(left.TryTake(part, isLast: false, out var rest));
            left = rest;
        }
        Assert.True(left.IsMet);
        Assert.False(left.TryTake(1, isLast: false, out var same));
        Assert.Equal(left, same);
        Assert.True(left.TryTake(0, isLast: true, out _));
    }

    [Fact]
    public void Lengths_agree_unless_both_are_declared_and_differ()
    {
        Assert.True(DeclaredLength.Of(3).AgreesWith(DeclaredLength.Of(3)));
        Assert.True(DeclaredLength.Of(3).AgreesWith(DeclaredLength.None));
        Assert.True(DeclaredLength.None.AgreesWith(DeclaredLength.Of(3)));
        Assert.False(DeclaredLength.Of(3).AgreesWith(DeclaredLength.Of(0)));
    }

    [Fact]
    public void A_verdict_has_the_fault_that_answers_it()
    {
        var stream = new StreamId(5);
        var malformed = HeadVerdict.Malformed.Of(stream, HeaderRules.Status);
        var excess = new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.ListSize);
        Assert.Null(HeadVerdict.Accepted.Verdict.FaultOn(stream));
        Assert.Equal(new Fault.OfStream(stream, ErrorCode.ProtocolError, HeaderRules.Status), malformed.FaultOn(stream));
        Assert.Equal(excess, new HeadVerdict.Excessive(excess).FaultOn(stream));
        Assert.Equal(
            new Fault.OfStream(stream, ErrorCode.EnhanceYourCalm, HeaderRules.ListTooLarge), HeadVerdict.TooLarge.Verdict.FaultOn(stream));
    }
}
