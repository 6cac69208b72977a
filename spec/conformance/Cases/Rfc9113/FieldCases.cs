using System.Globalization;
using System.Text;

namespace Http2.Conformance;

/// <summary>Field names, values and connection-specific fields: RFC 9113 §8.2.</summary>
internal static class FieldCases
{
    private const string BadName = "A field name with this octet makes the message malformed.";
    private const string BadValue = "A field value with this octet, here, makes the message malformed.";
    private const string BadField = "A connection-specific field makes the message malformed.";

    private static readonly (string Title, string Name)[] Names =
    [
        ("empty name", ""), ("NUL in a name", "x-\0a"), ("control octet 0x01 in a name", "x-\u0001a"), ("TAB in a name", "x-\ta"),
        ("LF in a name", "x-\na"), ("CR in a name", "x-\ra"), ("space in a name", "x a"), ("space at the start of a name", " x-a"),
        ("space at the end of a name", "x-a "), ("upper case inside a name", "x-tEst"), ("upper case Z at the end of a name", "x-tesZ"),
        ("colon inside a name", "x:test"), ("colon at the end of a name", "x-test:"), ("DEL in a name", "x-\u007fa"),
        ("octet 0x80 in a name", "x-\u0080a"), ("octet 0xff in a name", "x-\u00ffa"),
    ];

    private static readonly (string Title, string Value)[] Values =
    [
        ("NUL in a value", "a\0b"), ("LF in a value", "a\nb"), ("CR in a value", "a\rb"),
            ("CRLF and a field in a value", "a\r\nx-smuggled: b"),
        ("NUL alone", "\0"), ("space at the start of a value", " a"),
            ("space at the end of a value", "a "), ("TAB at the start of a value", "\ta"),
        ("TAB at the end of a value", "a\t"), ("space alone", " "),
    ];

    private static readonly (string Name, string Value)[] ConnectionFields =
    [
        ("connection", "close"), ("keep-alive", "timeout=5"), ("proxy-connection", "keep-alive"), ("transfer-encoding", "chunked"),
        ("transfer-encoding", "identity"), ("upgrade", "websocket"), ("te", "gzip"), ("te", "trailers, gzip"), ("te", ""),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. FieldNames, .. FieldValues, .. Connection, .. Cookies];

    private static CaseList FieldNames => new CaseList("fields", "8.2.1", "RFC 9113 §8.2.1", Edition.Rfc9113)
        .MustForEach(Names, row => row.Title, _ => BadName, (p, row) => Exchange.Malformed(p, [.. p.Fields(), (row.Name, "ok")]))
        .MustForEach(Values, row => row.Title, _ => BadValue, (p, row) => Exchange.Malformed(p, [.. p.Fields(), ("x-test", row.Value)]))
        .Must("LF in a trailer's value", BadValue, p => Exchange.MalformedTrailers(p, ("x-test", "a\nb")))
        .Must("upper case in a trailer's name", BadName, p => Exchange.MalformedTrailers(p, ("X-Test", "ok")))
        .Must("space in a trailer's name", BadName, p => Exchange.MalformedTrailers(p, ("x test", "ok")))
        .Must("every forbidden octet of a name",
            "Each of the 188 octets that no name may have makes the message malformed.", EveryNameOctet);

    private static CaseList FieldValues => new CaseList("fields", "8.2", "RFC 9113 §8.2")
        .Must("empty value", "An empty value is taken.", p => Exchange.Sound(p, [.. p.Fields(), ("x-test", "")]))
        .Must("space and TAB inside a value",
            "White space inside a value is taken.", p => Exchange.Sound(p, [.. p.Fields(), ("x-test", "a \t b")]))
        .Must("octets above 0x7f in a value",
            "Octets above 0x7f are taken in values.", p => Exchange.Sound(p, [.. p.Fields(), ("x-test", "caf\u00c3\u00a9 \u00ff")]))
        .Must("every token character in a name", "Every character that a token may have is taken in names.", p =>
            Exchange.Sound(p, [.. p.Fields(), ("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz", "ok")]))
        .Must("one field twice", "Fields may repeat.", p => Exchange.Sound(p, [.. p.Fields(), ("x-test", "a"), ("x-test", "b")]))
        .Must("fifty fields", "An ordinary number of fields is taken.", p =>
            Exchange.Sound(p, [.. p.Fields(), .. Enumerable.Range(0, 50).Select(i => ($"x-field-{i}", "value"))]));

    private static CaseList Connection => new CaseList("fields", "8.2.2", "RFC 9113 §8.2.2")
        .MustForEach(
            ConnectionFields, row => row.Value.Length == 0 ? $"{row.Name} without a value" : $"{row.Name}: {row.Value}", _ => BadField,
            (p, row) => Exchange.Malformed(p, [.. p.Fields(), row]))
        .Must("te: trailers", "te may say trailers, and only that.", p => Exchange.Sound(p, [.. p.Fields(), ("te", "trailers")]))
        .Must("connection in trailers", BadField, p => Exchange.MalformedTrailers(p, ("connection", "close")))
        .Must("transfer-encoding in trailers", BadField, p => Exchange.MalformedTrailers(p, ("transfer-encoding", "chunked")))
        .Must("upgrade to h2c", "An upgrade field inside HTTP/2 makes the message malformed, whatever it asks for.", p =>
            Exchange.Malformed(p, [.. p.Fields(), ("upgrade", "h2c")]));

    private static CaseList Cookies => new CaseList("fields", "8.2.3", "RFC 9113 §8.2.3")
        .Must("cookie crumbs", "A cookie may be split into several fields.", p =>
            Exchange.Sound(p, [.. p.Fields(), ("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")]))
        .Must("cookie crumbs are joined", "Crumbs are joined with a semicolon and a space before they leave HTTP/2.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Headers, "headers");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of([.. p.Fields(path: path), ("cookie", "a=1"), ("cookie", "b=2"), ("x-end", "1"), ("cookie", "c=3")]),
                endStream: true);
            var response = await p.ExpectAnswered(1);
            var body = Encoding.Latin1.GetString(response.Body);
            if (!body.Contains("a=1; b=2; c=3", StringComparison.Ordinal))
                throw Probe.Fail("one cookie field a=1; b=2; c=3 in the echoed request", body.Length > 200 ? body[..200] : body);
        });

    private static async Task EveryNameOctet(Probe p)
    {
        var forbidden = Enumerable.Range(0, 256).Where(octet => octet is <= 0x20 or (>= 'A' and <= 'Z') or >= 0x7f).ToList();

        // At most forty faults on one connection, which no known server takes for an attack.
        foreach (var some in forbidden.Chunk(40))
        {
            var left = new Queue<int>(some);
            while (left.Count > 0)
                await NameOctets(p, left);
        }
    }

    /// <summary>
    /// Tries octets on one connection until all are tried or the server ended the connection for one of them, which it may do.
    /// </summary>
    private static async Task NameOctets(Probe p, Queue<int> left)
    {
        await using var other = p.Another();
        await other.Handshake();
        for (var stream = 1u; left.Count > 0 && !other.IsGoingAway; stream += 2)
        {
            var octet = left.Dequeue();
            other.Headers(stream, FieldBlock.Of([.. other.Fields(), ($"x-{(char)octet}a", "ok")]), endStream: true);
            try
            {
                await other.ExpectMalformed(stream);
            }
            catch (CaseFailedException failed)
            {
                throw Probe.Fail(
                    string.Create(CultureInfo.InvariantCulture, $"octet 0x{octet:x2} in a name refused with PROTOCOL_ERROR or 400"),
                        failed.Actual);
            }
        }
    }
}
