using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Judges requests that came: those sent to a server, and those promised to a client (RFC 9113 §8.3.1, §8.4).</summary>
internal static class RequestRules
{
    /// <summary>Judges a request.</summary>
    /// <param name="id">The stream on which a fault is answered.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="endStream">Whether the stream ends with it.</param>
    /// <param name="options">The limits, and whether extended CONNECT is taken.</param>
    /// <param name="head">The request; only meaningful when it is accepted.</param>
    public static HeadVerdict Judge(StreamId id, in FieldList fields, bool endStream, ConnectionOptions options, out RequestHead head)
    {
        head = default;
        var scan = new RequestScan();
        var verdict = Scan(id, fields, options, ref scan);
        if (verdict is not HeadVerdict.Accepted)
            return verdict;
        if (scan.Finish(endStream, options.EnableConnectProtocol) is { } broken)
            return HeadVerdict.Malformed.Of(id, broken);
        head = new RequestHead(fields, scan);
        return verdict;
    }

    /// <summary>
    /// Judges a promised request: one that is safe and cacheable, names its authority, and has no body (RFC 9113 §8.4). A fault is answered on
    /// the promised stream.
    /// </summary>
    /// <param name="promised">The promised stream.</param>
    /// <param name="fields">The decoded section, complete or cut at the hard limit.</param>
    /// <param name="options">The limits.</param>
    /// <param name="head">The request; only meaningful when it is accepted.</param>
    public static HeadVerdict JudgePromise(StreamId promised, in FieldList fields, ConnectionOptions options, out RequestHead head)
    {
        head = default;
        var scan = new RequestScan();
        var verdict = Scan(promised, fields, options, ref scan);
        if (verdict is not HeadVerdict.Accepted)
            return verdict;
        if (scan.FinishPromise() is { } broken)
            return HeadVerdict.Malformed.Of(promised, broken);
        head = new RequestHead(fields, scan);
        return verdict;
    }

    private static HeadVerdict Scan(StreamId id, in FieldList fields, ConnectionOptions options, ref RequestScan scan)
    {
        var verdict = SectionLimits.Judge(fields, options);
        if (verdict is not HeadVerdict.Accepted)
            return verdict;
        var count = fields.Count;
        for (var i = 0; i < count; i++)
        {
            var field = fields[i];
            if (scan.Add(i, field.Name, field.Value, field.Token, FieldRules.Judge(field)) is { } broken)
                return HeadVerdict.Malformed.Of(id, broken);
        }
        return SectionLimits.Judge(count, scan.Crumbs, options);
    }
}
