using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Judges what the application wants to send by the same rules as what comes (RFC 9113 §8.2, §8.3): malformed messages help those who smuggle
/// requests. Each field keeps its verdict, so a field that is sent often costs next to nothing.
/// </summary>
internal static class OutboundRules
{
    /// <summary>Judges the fields of a response, its status apart.</summary>
    /// <param name="fields">The fields; none of them may be a pseudo-field.</param>
    /// <param name="declared">The content-length that the fields declare.</param>
    /// <returns>The rule that is broken, or null.</returns>
    public static Rule? JudgeResponse(ReadOnlySpan<HeaderField> fields, out DeclaredLength declared)
    {
        declared = DeclaredLength.None;
        foreach (var field in fields)
        {
            var traits = FieldRules.Judge(field);
            // Stryker disable once Statement : a matter of speed; a field without traits breaks no rule
            if (traits == FieldTraits.None)
                continue;
            if (ResponseScan.JudgeField(traits, ofRequest: false) is { } broken)
                return broken;
            // §8.3.2: the only pseudo-field of a response is its status, which is given apart
            if ((traits & FieldTraits.Pseudo) != 0)
                return HeaderRules.PseudoUnknown;
            if ((traits & FieldTraits.ContentLength) != 0 && !DeclaredLength.TryAdd(field.Value.Span, ref declared))
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
    /// <param name="endStream">Whether the stream ends with it.</param>
    /// <param name="extendedConnect">Whether the peer allowed extended CONNECT (RFC 8441 §3).</param>
    /// <param name="request">What its answer depends on.</param>
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
    /// <param name="request">What its answer depends on.</param>
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
        new(RequestKinds.Of(fields[scan.Method].Value.Span), scan.Declared, scan.Protocol != RequestHead.Absent);
}

/// <summary>What the answer to a request that is sent depends on.</summary>
/// <param name="Kind">What its method says.</param>
/// <param name="Declared">The content-length that its fields declare.</param>
/// <param name="IsExtendedConnect">Whether it has a <c>:protocol</c> (RFC 8441 §4).</param>
internal readonly record struct OutboundRequest(RequestKind Kind, DeclaredLength Declared, bool IsExtendedConnect);
