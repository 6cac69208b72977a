using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Judges what the application wants to send by the same rules as what comes (RFC 9113 §8.2, 8.3): an end that sends malformed messages
/// helps
/// whoever smuggles. The verdict on a field is kept in the field, so fields that are sent often cost next to nothing.
/// </summary>
internal static class OutboundRules
{
    /// <summary>Judges the fields of a response beside its status.</summary>
    /// <param name="fields">The fields; pseudo-fields are not taken.</param>
    /// <param name="declared">The content-length that some field declares, or -1.</param>
    /// <returns>The rule that is broken, or null.</returns>
    public static Rule? JudgeResponse(ReadOnlySpan<HeaderField> fields, out long declared)
    {
        declared = ContentLength.None;
        foreach (var field in fields)
        {
            var traits = FieldRules.Judge(field);
            // Stryker disable once Statement : a matter of speed; what has no traits breaks no rule
            if (traits == FieldTraits.None)
                continue;
            if (ResponseScan.JudgeField(traits, ofRequest: false) is { } broken)
                return broken;
            // §8.3.2: the status is the only pseudo-field, and it is not among these
            if ((traits & FieldTraits.Pseudo) != 0)
                return HeaderRules.PseudoUnknown;
            if ((traits & FieldTraits.ContentLength) != 0 && !ContentLength.TryAdd(field.Value.Span, ref declared))
                return HeaderRules.ContentLength;
        }
        return null;
    }

    /// <summary>Judges trailers.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="ofRequest">Whether they belong to a request.</param>
    /// <returns>The rule that is broken, or null.</returns>
    public static Rule? JudgeTrailers(ReadOnlySpan<HeaderField> fields, bool ofRequest)
    {
        foreach (var field in fields)
        {
            if (ResponseRules.JudgeTrailer(FieldRules.Judge(field), ofRequest) is { } broken)
                return broken;
        }
        return null;
    }

    /// <summary>Judges a request.</summary>
    /// <param name="fields">The fields, pseudo-fields first.</param>
    /// <param name="endStream">Whether no body follows.</param>
    /// <param name="extendedConnect">Whether the peer allowed extended CONNECT (RFC 8441 §3).</param>
    /// <param name="request">What it is.</param>
    /// <returns>The rule that is broken, or null.</returns>
    public static Rule? JudgeRequest(ReadOnlySpan<HeaderField> fields, bool endStream, bool extendedConnect, out OutboundRequest request)
    {
        var scan = new RequestScan();
        request = default;
        if ((Scan(fields, ref scan) ?? scan.Finish(endStream, extendedConnect)) is { } broken)
            return broken;
        request = Of(fields, scan);
        return null;
    }

    /// <summary>Judges a request to promise (RFC 9113 §8.4).</summary>
    /// <param name="fields">The fields, pseudo-fields first.</param>
    /// <param name="request">What it is.</param>
    /// <returns>The rule that is broken, or null.</returns>
    public static Rule? JudgePromise(ReadOnlySpan<HeaderField> fields, out OutboundRequest request)
    {
        var scan = new RequestScan();
        request = default;
        if ((Scan(fields, ref scan) ?? scan.FinishPromise()) is { } broken)
            return broken;
        request = Of(fields, scan);
        return null;
    }

    private static Rule? Scan(ReadOnlySpan<HeaderField> fields, ref RequestScan scan)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            if (scan.Add(i, field.Name.Span, field.Value.Span, field.Token, FieldRules.Judge(field)) is { } broken)
                return broken;
        }
        return null;
    }

    private static OutboundRequest Of(ReadOnlySpan<HeaderField> fields, in RequestScan scan) =>
        new(fields[scan.Method].Value.Span.SequenceEqual("HEAD"u8), scan.IsConnect, scan.ContentLength);
}

/// <summary>What a request to send asks of its answer.</summary>
/// <param name="IsHead">Whether the answer has no body, whatever its content-length says.</param>
/// <param name="IsConnect">Whether it opens a tunnel, extended CONNECT included.</param>
/// <param name="ContentLength">The declared content-length, or -1.</param>
internal readonly record struct OutboundRequest(bool IsHead, bool IsConnect, long ContentLength);
