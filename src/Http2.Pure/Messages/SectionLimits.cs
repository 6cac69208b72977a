using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The limits on the size of decoded field sections and on the number of their fields.</summary>
internal static class SectionLimits
{
    /// <summary>Judges what needs no look at the fields: the size of the section, and how many fields there are at most.</summary>
    /// <param name="fields">The section.</param>
    /// <param name="options">The limits.</param>
    public static HeadVerdict Judge(in FieldList fields, ConnectionOptions options)
    {
        if (fields.Size > options.MaxHeaderListSizeHard)
            return Excessive(HeaderRules.ListSize);
        if (fields.Count > options.MaxHeaderFieldsHard)
            return Excessive(HeaderRules.ListCount);
        return fields.Size > options.MaxHeaderListSize ? HeadVerdict.TooLarge.Verdict : HeadVerdict.Accepted.Verdict;
    }

    /// <summary>
    /// Judges how many fields there are once the cookie crumbs among them were counted: browsers split one cookie into many fields
    /// (RFC 9113 §8.2.3), so crumbs have a limit of their own.
    /// </summary>
    /// <param name="fields">How many fields there are, crumbs included.</param>
    /// <param name="crumbs">How many of the fields are cookie crumbs.</param>
    /// <param name="options">The limits.</param>
    public static HeadVerdict Judge(int fields, int crumbs, ConnectionOptions options) =>
        fields - crumbs > options.MaxHeaderFields || crumbs > options.MaxCookieCrumbs
            ? HeadVerdict.TooLarge.Verdict
            : HeadVerdict.Accepted.Verdict;

    private static HeadVerdict.Excessive Excessive(Rule rule) => new(new Fault.OfConnection(ErrorCode.EnhanceYourCalm, rule));
}
