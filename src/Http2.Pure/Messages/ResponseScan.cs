namespace Http2.Pure;

/// <summary>One pass over the fields of a response or of trailers (RFC 9113 §8.3.2, 8.1), whoever sends them.</summary>
internal ref struct ResponseScan()
{
    /// <summary>The status, or 0 before it was seen.</summary>
    public int Status;

    /// <summary>The declared content-length, or -1.</summary>
    public long ContentLength = Http2.Pure.ContentLength.None;

    /// <summary>Takes the next field of a response.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="token">The first index of its name in the static table, or 0 when that is not known.</param>
    /// <param name="traits">What the field rules say of it.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public Rule? Add(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, FieldTraits traits)
    {
        if (traits == FieldTraits.None)
            return null;
        if (JudgeField(traits, ofRequest: false) is { } broken)
            return broken;
        if ((traits & FieldTraits.Pseudo) != 0)
            return AddPseudo(index, PseudoFields.Of(name, token), value);
        return (traits & FieldTraits.ContentLength) == 0 || Http2.Pure.ContentLength.TryAdd(value, ref ContentLength)
            ? null : HeaderRules.ContentLength;
    }

    /// <summary>The rules that every field keeps, in whatever section; pseudo-fields apart.</summary>
    /// <param name="traits">What the field rules say of the field.</param>
    /// <param name="ofRequest">Whether the section belongs to a request.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public static Rule? JudgeField(FieldTraits traits, bool ofRequest)
    {
        if ((traits & FieldTraits.BadName) != 0)
            return HeaderRules.FieldName;
        if ((traits & FieldTraits.BadValue) != 0)
            return HeaderRules.FieldValue;
        // §8.2.2: fields of HTTP/1.1's connection do not occur; te is one that requests may have
        var banned = ofRequest ? FieldTraits.Connection : FieldTraits.Connection | FieldTraits.Te;
        return (traits & banned) != 0 ? HeaderRules.ConnectionField : null;
    }

    private Rule? AddPseudo(int index, PseudoField pseudo, ReadOnlySpan<byte> value)
    {
        // §8.3: only :status is defined for responses
        if (pseudo != PseudoField.Status)
            return HeaderRules.PseudoUnknown;
        if (Status != 0)
            return HeaderRules.PseudoDuplicate;
        // §8.3: it comes first, being the only one
        if (index != 0)
            return HeaderRules.PseudoOrder;
        if (value.Length != 3 || value[0] == '0' || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return HeaderRules.Status;
        Status = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
        // §8.6: HTTP/2 has nothing to switch to
        return Status == 101 ? HeaderRules.SwitchingProtocols : null;
    }

    /// <summary>Judges the response as a whole.</summary>
    /// <param name="endStream">Whether nothing follows its head.</param>
    /// <param name="bodyExpected">Whether a content-length speaks of a body that follows: not after HEAD, nor with 304 or 204.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public readonly Rule? Finish(bool endStream, bool bodyExpected)
    {
        // §8.3.2: exactly one
        if (Status == 0)
            return HeaderRules.Status;
        // §8.1: a final response follows an informational one
        if (endStream && Status < 200)
            return HeaderRules.InformationalEnd;
        // §8.1.1: a body of some octets was declared, and none follows
        return endStream && bodyExpected && ContentLength > 0 && Status is not (204 or 304) ? HeaderRules.ContentLengthEnd : null;
    }
}
