using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Responses, sound and malformed: RFC 9113 §8.1, §8.2 and §8.3.2.</summary>
internal static class ClientResponseCases
{
    private const string Malformed = "A malformed response is a stream error PROTOCOL_ERROR, and the client does not take it.";
    private const string Sound = "What the RFC allows in a response is taken.";

    private static readonly (string Title, string Name, string Value)[] BadFields =
    [
        ("a name in upper case", "X-Upper", "1"), ("a name with one letter in upper case", "x-uPper", "1"), ("an empty name", "", "1"),
        ("a name with a space", "x y", "1"), ("a name with a control character", "x\ty", "1"), ("a name with NUL", "x\0y", "1"),
        ("a name with DEL", "x\x7fy", "1"), ("a name with an octet above 0x7f", "x\x80y", "1"), ("a name with a colon", "x:y", "1"),
        ("a value with NUL", "x-value", "a\0b"), ("a value with CR", "x-value", "a\rb"), ("a value with LF", "x-value", "a\nb"),
        ("a value that begins with a space", "x-value", " a"), ("a value that ends with a space", "x-value", "a "),
        ("a value that begins with a tab", "x-value", "\ta"), ("a value that ends with a tab", "x-value", "a\t"),
    ];

    private static readonly (string Name, string Value)[] OfConnection =
    [
        ("connection", "close"), ("connection", "keep-alive"), ("keep-alive", "timeout=5"), ("proxy-connection", "close"),
        ("transfer-encoding", "chunked"), ("upgrade", "h2c"),
    ];

    private static readonly (string Title, (string, string)[] Fields)[] BadPseudo =
    [
        ("no :status", [("content-type", "text/plain")]), ("no fields at all", []),
        (":status twice", [(":status", "200"), (":status", "200")]), ("an empty :status", [(":status", "")]),
        (":status of two digits", [(":status", "20")]), (":status of four digits", [(":status", "2000")]),
        (":status that is no number", [(":status", "abc")]), (":status with a sign", [(":status", "+20")]),
        (":status with a reason", [(":status", "200 OK")]),
        (":status behind a field", [("content-type", "text/plain"), (":status", "200")]),
        (":path in a response", [(":status", "200"), (":path", "/")]), (":method in a response", [(":status", "200"), (":method", "GET")]),
        ("an unknown pseudo-field", [(":status", "200"), (":unknown", "1")]),
    ];

    private static readonly (string Title, (string, string)[] Fields)[] Good =
    [
        ("many fields", [(":status", "200"), .. Enumerable.Range(0, 60).Select(i => ($"x-field-{i}", $"{i}"))]),
        ("the same field several times", [(":status", "200"), ("set-cookie", "a=1"), ("set-cookie", "b=2"), ("vary", "a"), ("vary", "b")]),
        ("empty values", [(":status", "200"), ("x-empty", "")]),
        ("octets above 0x7f in a value", [(":status", "200"), ("x-value", "gr\xfc\xdfe \xc3\xbc")]),
        ("every character of names", [(":status", "200"), ("x!#$%&'*+-.^_`|~09az", "1")]),
        ("spaces and tabs within a value", [(":status", "200"), ("x-value", "a \t b")]),
        ("a status that nobody knows", [(":status", "299")]),
        ("a status of an error", [(":status", "200"), ("x-status", "599")]),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Names, .. Connection, .. Status, .. Taken];

    private static ClientCaseList Names => new ClientCaseList("client-responses", "8.2.1", "RFC 9113 §8.2.1")
        .MustForEach(BadFields, row => row.Title, Malformed, (s, row) => ServedExchange.MalformedField(s, row.Name, row.Value));

    private static ClientCaseList Connection => new ClientCaseList("client-responses", "8.2.2", "RFC 9113 §8.2.2")
        .MustForEach(OfConnection, row => $"{row.Name}: {row.Value}", Malformed, (s, row) => ServedExchange.MalformedField(s, row.Name, row.Value));

    private static ClientCaseList Status => new ClientCaseList("client-responses", "8.3.2", "RFC 9113 §8.3.2")
        .MustForEach(BadPseudo, row => row.Title, Malformed, (s, row) => ServedExchange.Malformed(s, row.Fields));

    private static ClientCaseList Taken => new ClientCaseList("client-responses", "8.2", "RFC 9113 §8.2")
        .MustForEach(Good, row => row.Title, Sound, (s, row) => ServedExchange.Sound(s, row.Fields));
}
