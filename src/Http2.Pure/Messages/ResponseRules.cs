using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Judges responses that came to a client, and trailers that came to either end (RFC 9113 §8.1, 8.3.2).</summary>
internal static class ResponseRules
{
    /// <summary>Judges a response's head.</summary>
    /// <param name="id">The stream that a fault is answered on.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether nothing follows it.</param>
    /// <param name="bodyExpected">Whether the request's method lets a body follow: false for HEAD.</param>
    /// <param name="options">The limits.</param>
    /// <param name="head">The head; only meaningful when it is accepted.</param>
    /// <param name="fault">The fault when it is malformed or excessive, else null.</param>
    public static HeadVerdict Judge(
        StreamId id, in FieldList fields, bool endStream, bool bodyExpected, ConnectionOptions options, out ResponseHead head,
        out Fault? fault)
    {
        head = default;
        var verdict = SectionLimits.Judge(fields, options, out fault);
        if (verdict != HeadVerdict.Accepted)
            return verdict;
        var scan = new ResponseScan();
        var crumbs = 0;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            crumbs += field.Token == FieldRules.TokenCookie ? 1 : 0;
            if (scan.Add(i, field.Name, field.Value, field.Token, FieldRules.Judge(field)) is { } broken)
                return Malformed(id, broken, out fault);
        }
        if (scan.Finish(endStream, bodyExpected) is { } wrong)
            return Malformed(id, wrong, out fault);
        head = new ResponseHead(scan.Status, fields, scan.ContentLength);
        return SectionLimits.Judge(fields.Count, crumbs, options);
    }

    /// <summary>Judges trailers.</summary>
    /// <param name="id">The stream that a fault is answered on.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether they end the stream, as they must.</param>
    /// <param name="ofRequest">Whether they belong to a request.</param>
    /// <param name="options">The limits.</param>
    /// <param name="fault">The fault when they are malformed or excessive, else null.</param>
    public static HeadVerdict JudgeTrailers(
        StreamId id, in FieldList fields, bool endStream, bool ofRequest, ConnectionOptions options, out Fault? fault)
    {
        var verdict = SectionLimits.Judge(fields, options, out fault);
        if (verdict != HeadVerdict.Accepted)
            return verdict;
        // §8.1: a section behind the body ends the message
        if (!endStream)
            return Malformed(id, HeaderRules.TrailersEnd, out fault);
        var crumbs = 0;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            crumbs += field.Token == FieldRules.TokenCookie ? 1 : 0;
            if (JudgeTrailer(FieldRules.Judge(field), ofRequest) is { } broken)
                return Malformed(id, broken, out fault);
        }
        return SectionLimits.Judge(fields.Count, crumbs, options);
    }

    /// <summary>Judges one trailer field.</summary>
    /// <param name="traits">What the field rules say of it.</param>
    /// <param name="ofRequest">Whether it belongs to a request.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public static Rule? JudgeTrailer(FieldTraits traits, bool ofRequest) =>
        // §8.1: a pseudo-field in trailers makes the message malformed
        (traits & FieldTraits.Pseudo) != 0 ? HeaderRules.PseudoInTrailers : ResponseScan.JudgeField(traits, ofRequest);

    private static HeadVerdict Malformed(StreamId id, Rule broken, out Fault? fault)
    {
        fault = new Fault.OfStream(id, ErrorCode.ProtocolError, broken);
        return HeadVerdict.Malformed;
    }
}
