using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The head of a response that passed the rules of RFC 9113 §8.2 and §8.3, as a client sees it. Immutable, thread-safe.</summary>
/// <param name="Status">100 to 999, never 101; a status of 600 or more is to be treated like 500 (RFC 9110 §15).</param>
/// <param name="Fields">All fields as they came, <c>:status</c> first.</param>
/// <param name="ContentLength">The declared content-length in octets, or -1 when there is none.</param>
public readonly record struct ResponseHead(int Status, FieldList Fields, long ContentLength)
{
    /// <summary>All fields in one line, for example <c>[:status: 200, content-type: text/plain]</c>.</summary>
    public override string ToString() => FieldLine.Of(Fields);
}

/// <summary>
/// The head of a response that is to be sent. <c>:status</c>, <c>content-length</c> and <c>date</c> are given apart from the other fields
/// because they have encodings of their own, which are faster.
/// </summary>
/// <param name="Status">200 to 999 for a final response, 100 to 199 (but 101) for an informational one.</param>
/// <param name="Fields">The other fields, in order; names in lower case.</param>
/// <param name="ContentLength">The body's length in octets, or -1 to send no <c>content-length</c>.</param>
/// <param name="Date">A <c>date</c> field, usually shared by all responses of a second, or null.</param>
public readonly record struct OutboundHead(
    int Status, System.Collections.Immutable.ImmutableArray<HeaderField> Fields, long ContentLength = -1, HeaderField? Date = null)
{
    /// <summary>All fields that are sent, in one line, for example <c>[:status: 200, content-type: text/plain, content-length: 5]</c>.</summary>
    public override string ToString()
    {
        List<HeaderField> fields = [(":status", Text(Status))];
        if (!Fields.IsDefault)
            fields.AddRange(Fields);
        if (ContentLength >= 0)
            fields.Add(("content-length", Text(ContentLength)));
        if (Date is not null)
            fields.Add(Date);
        return FieldLine.Of(fields);
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
