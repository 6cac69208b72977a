using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Judges responses that came to a client, and trailers that came to either end (RFC 9113 §8.1, §8.3.2).</summary>
internal static class ResponseRules
{
    /// <summary>Judges the head of a response.</summary>
    /// <param name="id">The stream on which a fault is answered.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether the stream ends with it.</param>
    /// <param name="bodyExpected">Whether the method of the request lets a body follow: false for HEAD.</param>
    /// <param name="options">The limits.</param>
    /// <param name="head">The head; only meaningful when it is accepted.</param>
    public static HeadVerdict Judge(
        StreamId id, in FieldList fields, bool endStream, bool bodyExpected, ConnectionOptions options, out ResponseHead head)
    {
        head = default;
        var verdict = SectionLimits.Judge(fields, options);
        if (verdict is not HeadVerdict.Accepted)
            return verdict;
        var scan = new ResponseScan();
        var crumbs = 0;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            crumbs += field.Token == FieldRules.TokenCookie ? 1 : 0;
            if (scan.Add(i, field.Name, field.Value, field.Token, FieldRules.Judge(field)) is { } broken)
                return HeadVerdict.Malformed.Of(id, broken);
        }
        if (scan.Finish(endStream, bodyExpected) is { } wrong)
            return HeadVerdict.Malformed.Of(id, wrong);
        head = new ResponseHead(scan.Status, fields, scan.Declared.OctetsOrMinusOne);
        return SectionLimits.Judge(fields.Count, crumbs, options);
    }

    /// <summary>Judges trailers.</summary>
    /// <param name="id">The stream on which a fault is answered.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether the stream ends with them, as it must.</param>
    /// <param name="ofRequest">Whether they belong to a request.</param>
    /// <param name="options">The limits.</param>
    public static HeadVerdict JudgeTrailers(StreamId id, in FieldList fields, bool endStream, bool ofRequest, ConnectionOptions options)
    {
        var verdict = SectionLimits.Judge(fields, options);
        if (verdict is not HeadVerdict.Accepted)
            return verdict;
        // §8.1: a section behind the body ends the message
        if (!endStream)
            return HeadVerdict.Malformed.Of(id, HeaderRules.TrailersEnd);
        var crumbs = 0;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            crumbs += field.Token == FieldRules.TokenCookie ? 1 : 0;
            if (JudgeTrailer(FieldRules.Judge(field), ofRequest) is { } broken)
                return HeadVerdict.Malformed.Of(id, broken);
        }
        return SectionLimits.Judge(fields.Count, crumbs, options);
    }

    /// <summary>Judges one trailer field.</summary>
    /// <param name="traits">What the rules for single fields say of it.</param>
    /// <param name="ofRequest">Whether it belongs to a request.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public static Rule? JudgeTrailer(FieldTraits traits, bool ofRequest) =>
        // §8.1: a pseudo-field in trailers makes the message malformed
        (traits & FieldTraits.Pseudo) != 0 ? HeaderRules.PseudoInTrailers : ResponseScan.JudgeField(traits, ofRequest);
}
