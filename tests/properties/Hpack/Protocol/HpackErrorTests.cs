using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Errors as values, and what they say.</summary>
public sealed class HpackErrorTests
{
    [Fact]
    public void An_error_says_what_is_wrong_where_and_by_which_rule()
    {
        Assert.Equal("an index is beyond the table, at octet 7 (RFC 7541 §2.3.3)", new HpackError(HpackErrorKind.IndexOutOfRange, 7).ToString());
        Assert.Equal("HPACK draft 08 §7.3", new HpackError(HpackErrorKind.ReferenceSetBits, 0).Rule);
        Assert.Equal("", default(HpackError).Rule);
        Assert.All(Enum.GetValues<HpackErrorKind>(), kind => Assert.NotEmpty(new HpackError(kind, 0).Message));
        Assert.All(
            Enum.GetValues<HpackErrorKind>().Where(kind => kind is not (HpackErrorKind.None or HpackErrorKind.ReferenceSetBits)),
            kind => Assert.Equal("RFC 7541 §" + new HpackError(kind, 0).Section, new HpackError(kind, 0).Rule));
    }
}
