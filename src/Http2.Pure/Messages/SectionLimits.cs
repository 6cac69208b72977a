using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The limits on decoded field sections.</summary>
internal static class SectionLimits
{
    /// <summary>Judges what can be judged at a glance: the size of the list and the number of its fields.</summary>
    /// <param name="fields">The section.</param>
    /// <param name="options">The limits.</param>
    /// <param name="fault">The connection fault of an excessive section.</param>
    public static HeadVerdict Judge(in FieldList fields, ConnectionOptions options, out Fault? fault)
    {
        fault = null;
        if (fields.Size > options.MaxHeaderListSizeHard)
            fault = new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.ListSize);
        else if (fields.Count > options.MaxHeaderFieldsHard)
            fault = new Fault.OfConnection(ErrorCode.EnhanceYourCalm, HeaderRules.ListCount);
        else
            return fields.Size > options.MaxHeaderListSize ? HeadVerdict.TooLarge : HeadVerdict.Accepted;
        return HeadVerdict.Excessive;
    }

    /// <summary>Judges the numbers of a section whose crumbs were counted; browsers split cookies into many (RFC 9113 §8.2.3).</summary>
    /// <param name="fields">How many fields there are, crumbs included.</param>
    /// <param name="crumbs">How many of them are cookie crumbs.</param>
    /// <param name="options">The limits.</param>
    public static HeadVerdict Judge(int fields, int crumbs, ConnectionOptions options) =>
        fields - crumbs > options.MaxHeaderFields || crumbs > options.MaxCookieCrumbs ? HeadVerdict.TooLarge : HeadVerdict.Accepted;
}
