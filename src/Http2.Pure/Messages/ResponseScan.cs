namespace Http2.Pure;

/// <summary>One pass over the fields of a response or of trailers, whoever sends them (RFC 9113 §8.1, §8.3.2).</summary>
internal ref struct ResponseScan
{
    /// <summary>The status, or 0 as long as none came.</summary>
    public int Status;

    /// <summary>The content-length that the fields declare.</summary>
    public DeclaredLength Declared;

    /// <summary>Takes the next field of a response.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="token">The first index of its name in the static table, or 0 when that is not known.</param>
    /// <param name="traits">What the rules for single fields say of it.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public Rule? Add(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, FieldTraits traits)
    {
        if (traits == FieldTraits.None)
            return null;
        if (JudgeField(traits, ofRequest: false) is { } broken)
            return broken;
        if ((traits & FieldTraits.Pseudo) != 0)
            return AddPseudo(index, PseudoFields.Of(name, token), value);
        return (traits & FieldTraits.ContentLength) == 0 || DeclaredLength.TryAdd(value, ref Declared)
            ? null : HeaderRules.ContentLength;
    }

    /// <summary>Judges a field by the rules that hold in every section; what pseudo-fields may be is judged elsewhere.</summary>
    /// <param name="traits">What the rules for single fields say of it.</param>
    /// <param name="ofRequest">Whether the section belongs to a request.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public static Rule? JudgeField(FieldTraits traits, bool ofRequest)
    {
        if ((traits & FieldTraits.BadName) != 0)
            return HeaderRules.FieldName;
        if ((traits & FieldTraits.BadValue) != 0)
            return HeaderRules.FieldValue;
        // §8.2.2: the fields of an HTTP/1.1 connection do not occur; te is one that requests may have
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
        // §8.3: pseudo-fields come first, and this is the only one
        if (index != 0)
            return HeaderRules.PseudoOrder;
        if (value.Length != 3 || value[0] == '0' || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return HeaderRules.Status;
        Status = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
        // §8.6: HTTP/2 has no protocol to switch to
        return Status == 101 ? HeaderRules.SwitchingProtocols : null;
    }

    /// <summary>Judges the response as a whole.</summary>
    /// <param name="endStream">Whether the stream ends with its head.</param>
    /// <param name="bodyExpected">Whether the method of the request lets a body follow: false for HEAD. With 204 and 304 none follows in any case.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public readonly Rule? Finish(bool endStream, bool bodyExpected)
    {
        // §8.3.2: a response has exactly one status
        if (Status == 0)
            return HeaderRules.Status;
        // §8.1: a final response follows an informational one
        if (endStream && Status < 200)
            return HeaderRules.InformationalEnd;
        // §8.1.1: octets of a body were declared, and none follow
        return endStream && bodyExpected && !Declared.IsMet && Status is not (204 or 304) ? HeaderRules.ContentLengthEnd : null;
    }
}
