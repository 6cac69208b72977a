using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Judges requests that came: those that a server got, and those that a client was promised (RFC 9113 §8.3.1, 8.4).</summary>
internal static class RequestRules
{
    /// <summary>Judges a request.</summary>
    /// <param name="id">The stream that a fault is answered on.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether nothing follows it.</param>
    /// <param name="options">The limits, and whether extended CONNECT is taken.</param>
    /// <param name="head">The request; only meaningful when it is accepted.</param>
    /// <param name="fault">The fault when it is malformed or excessive, else null.</param>
    public static HeadVerdict Judge(
        StreamId id, in FieldList fields, bool endStream, ConnectionOptions options, out RequestHead head, out Fault? fault)
    {
        head = default;
        var scan = new RequestScan();
        var verdict = Scan(id, fields, options, ref scan, out fault);
        if (verdict != HeadVerdict.Accepted)
            return verdict;
        if (scan.Finish(endStream, options.EnableConnectProtocol) is { } broken)
            return Malformed(id, broken, out fault);
        head = new RequestHead(fields, scan);
        return HeadVerdict.Accepted;
    }

    /// <summary>Judges a promised request: one that is safe and cacheable, names its authority, and has no body (RFC 9113 §8.4).</summary>
    /// <param name="promised">The promised stream, on which a fault is answered.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="options">The limits.</param>
    /// <param name="head">The request; only meaningful when it is accepted.</param>
    /// <param name="fault">The fault when it is malformed or excessive, else null.</param>
    public static HeadVerdict JudgePromise(
        StreamId promised, in FieldList fields, ConnectionOptions options, out RequestHead head, out Fault? fault)
    {
        head = default;
        var scan = new RequestScan();
        var verdict = Scan(promised, fields, options, ref scan, out fault);
        if (verdict != HeadVerdict.Accepted)
            return verdict;
        // §8.4: what may not be promised is reset on the promised stream
        if (scan.FinishPromise() is { } broken)
            return Malformed(promised, broken, out fault);
        head = new RequestHead(fields, scan);
        return HeadVerdict.Accepted;
    }

    private static HeadVerdict Scan(StreamId id, in FieldList fields, ConnectionOptions options, ref RequestScan scan, out Fault? fault)
    {
        var verdict = SectionLimits.Judge(fields, options, out fault);
        if (verdict != HeadVerdict.Accepted)
            return verdict;
        var count = fields.Count;
        for (var i = 0; i < count; i++)
        {
            var field = fields[i];
            if (scan.Add(i, field.Name, field.Value, field.Token, FieldRules.Judge(field)) is { } broken)
                return Malformed(id, broken, out fault);
        }
        return SectionLimits.Judge(count, scan.Crumbs, options);
    }

    private static HeadVerdict Malformed(StreamId id, Rule broken, out Fault? fault)
    {
        fault = new Fault.OfStream(id, ErrorCode.ProtocolError, broken);
        return HeadVerdict.Malformed;
    }
}
