using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The requests that a client sends: RFC 9113 §8.1, §8.2 and §8.3.1.</summary>
internal static class ClientRequestCases
{
    private static readonly string[] ConnectionFields = ["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"];

    public static IEnumerable<ConformanceCase> Cases => [.. Messages, .. Names, .. Connection, .. Pseudo];

    private static ClientCaseList Messages => new ClientCaseList("client-requests", "8.1", "RFC 9113 §8.1")
        .Must("a request without content", "A request without content ends with its HEADERS, or with empty DATA.", async s =>
        {
            await ServedExchange.Ordinary(s);
            if (s.On(s.StreamId) is not { Ended: true, DataLength: 0 })
                throw Speaker.Fail("END_STREAM and no content", $"{s.On(s.StreamId)}");
        })
        .Must("a request with content", "A request with content ends with END_STREAM behind all of it.", async s =>
        {
            await Uploaded(s);
            if (s.On(s.StreamId).DataLength != ClientRun.Upload.Length)
                throw Speaker.Fail($"{ClientRun.Upload.Length} octets", $"{s.On(s.StreamId).DataLength}");
        }, ClientTask.Upload)
        .Must("the length of the content", "A content-length is that of the content.", async s =>
        {
            await Uploaded(s);
            if (ReceivedStream.Value(s.On(s.StreamId).Sections[0], "content-length") is { } length && length != $"{ClientRun.Upload.Length}")
                throw Speaker.Fail($"content-length: {ClientRun.Upload.Length}", $"content-length: {length}");
        }, ClientTask.Upload)
        .Must("sections of an upload", "A request has a head and at most one section of trailers, without pseudo-fields.", async s =>
        {
            await Uploaded(s);
            var sections = s.On(s.StreamId).Sections;
            if (sections.Count > 2 || sections.Skip(1).Any(section => section.Any(one => one.Name.StartsWith(':'))))
                throw Speaker.Fail("a head, and trailers without pseudo-fields", $"{sections.Count} sections");
        }, ClientTask.Upload)
        .Must("no promises", "A client sends no PUSH_PROMISE.", s => ServedExchange.Every(s, "no PUSH_PROMISE", frame => frame.Type != FrameType.PushPromise));

    private static ClientCaseList Names => new ClientCaseList("client-requests", "8.2.1", "RFC 9113 §8.2.1")
        .Must("names in lower case", "Field names are in lower case.",
            s => Fields(s, "names in lower case", (name, _) => !name.Any(char.IsAsciiLetterUpper)))
        .Must("octets of names", "Names have no control characters, no spaces, no octets above 0x7e, and no colon but the first of a pseudo-field.",
            s => Fields(s, "sound names", (name, _) => name.Length > 0 && name.All(c => c is > ' ' and < '\x7f') && name.LastIndexOf(':') <= 0))
        .Must("octets of values", "Values have no NUL, CR or LF.",
            s => Fields(s, "sound values", (_, value) => !value.AsSpan().ContainsAny('\0', '\r', '\n')))
        .Must("ends of values", "Values neither begin nor end with a space or a tab.",
            s => Fields(s, "values without white space at their ends", (_, value) => value.Trim(' ', '\t').Length == value.Length));

    private static ClientCaseList Connection => new ClientCaseList("client-requests", "8.2.2", "RFC 9113 §8.2.2")
        .Must("no fields of the connection", "The client sends no fields that belong to a connection of HTTP/1.1.",
            s => Fields(s, "no fields of the connection", (name, _) => !ConnectionFields.Contains(name)))
        .Must("TE", "TE has no value but trailers.", s => Fields(s, "te: trailers or none", (name, value) => name != "te" || value == "trailers"))
        .Must("no fields of the connection with content", "A request with content has no transfer-encoding.", async s =>
        {
            await Uploaded(s);
            if (s.On(s.StreamId).Sections[0].FirstOrDefault(one => ConnectionFields.Contains(one.Name)) is { Name: { } name })
                throw Speaker.Fail("no fields of the connection", name);
        }, ClientTask.Upload);

    private static ClientCaseList Pseudo => new ClientCaseList("client-requests", "8.3.1", "RFC 9113 §8.3.1")
        .Must(":method, :scheme and :path once each", "A request has :method, :scheme and :path, once each.", async s =>
        {
            var head = await Head(s);
            foreach (var name in (string[])[":method", ":scheme", ":path"])
            {
                if (head.Count(one => one.Name == name) is not 1 and var count)
                    throw Speaker.Fail($"{name} once", $"{count} times");
            }
        })
        .Must("no other pseudo-fields", "A request has no pseudo-fields but those of requests.", async s => ExpectAll(
            await Head(s), "pseudo-fields of requests", (name, _) => !name.StartsWith(':') || name is ":method" or ":scheme" or ":path" or ":authority"))
        .Must("pseudo-fields first", "Pseudo-fields come before all other fields.", async s => ExpectAll(
            [.. (await Head(s)).SkipWhile(one => one.Name.StartsWith(':'))], "pseudo-fields first", (name, _) => !name.StartsWith(':')))
        .Must(":scheme", ":scheme is that of the address.", async s => Expect(await Head(s), ":scheme", s.Run.Client.Tls ? "https" : "http"))
        .Must(":authority", ":authority, or host, is host and port of the address, without user and password.", async s =>
        {
            var head = await Head(s);
            Expect(head, ReceivedStream.Value(head, ":authority") is null ? "host" : ":authority", s.Run.Authority);
        })
        .Must("host", "A host field says the same as :authority.", async s =>
        {
            var head = await Head(s);
            if (ReceivedStream.Value(head, "host") is { } host && ReceivedStream.Value(head, ":authority") is { } authority && host != authority)
                throw Speaker.Fail($"host: {authority}", $"host: {host}");
        })
        .Must(":path", ":path is the path of the address.", async s => Expect(await Head(s), ":path", s.Run.Path))
        .Must("a query", ":path has the query of the address.", s => Path(s, "/a/b?x=1&y=%20", "/a/b?x=1&y=%20"))
        .Must("no path", ":path is / when the address has no path.", s => Path(s, "", "/"))
        .Must("a query without a path", ":path is / and the query when the address has no path.", s => Path(s, "?x=1", "/?x=1"))
        .Must("a fragment", "A fragment is not sent.", s => Path(s, "/a#part", "/a"));

    private static async Task<ImmutableArray<(string Name, string Value)>> Head(ServerEnd s)
    {
        await ServedExchange.Ordinary(s);
        return s.On(s.StreamId).Sections[0];
    }

    private static async Task Fields(ServerEnd s, string expected, Func<string, string, bool> holds) => ExpectAll(await Head(s), expected, holds);

    private static async Task Path(ServerEnd s, string asked, string expected)
    {
        s.Run.Path = asked;
        Expect(await Head(s), ":path", expected);
    }

    private static async Task Uploaded(ServerEnd s)
    {
        await s.Requested();
        await s.ExpectUntil("all of the upload", () => s.On(s.StreamId).Ended);
        s.Answer(s.StreamId);
        await s.ExpectServed();
    }

    private static void Expect(ImmutableArray<(string Name, string Value)> head, string name, string value)
    {
        if (ReceivedStream.Value(head, name) is var actual && actual != value)
            throw Speaker.Fail($"{name}: {value}", actual is null ? $"no {name}" : $"{name}: {actual}");
    }

    private static void ExpectAll(ImmutableArray<(string Name, string Value)> fields, string expected, Func<string, string, bool> holds)
    {
        foreach (var (name, value) in fields)
        {
            if (!holds(name, value))
                throw Speaker.Fail(expected, $"{name}: {value}");
        }
    }
}
