using System.Globalization;
using System.Text;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Messages: bodies and their lengths, trailers, informational responses, what responses look like. RFC 9113 §8.1 and §8.3.2.
/// </summary>
internal static class MessageCases
{
    private const string Malformed = "This request is malformed: a stream error PROTOCOL_ERROR, or a response 400.";

    private static readonly string[] BadLengths = ["+0", "-1", "0x4", "4 ", "4,5", "four", "", "4.0", "99999999999999999999999"];

    public static IEnumerable<ConformanceCase> Cases => [.. Length, .. Exchanges, .. Informational, .. Responses, .. LargeSections];

    private static CaseList Length => new CaseList("messages", "8.1.1", "RFC 9113 §8.1.1")
        .MustForEach(
            BadLengths, value => $"content-length: '{value}'", _ => "content-length is digits and nothing else, and fits.",
            (p, value) => Exchange.MalformedBody(p, [("content-length", value)], "test"))
        .Must("content-length and no body", Malformed, p => Exchange.MalformedBody(p, [("content-length", "5")]))
        .Must("content-length above the body", Malformed, p => Exchange.MalformedBody(p, [("content-length", "5")], "test"))
        .Must("content-length above an empty DATA", Malformed, p => Exchange.MalformedBody(p, [("content-length", "5")], ""))
        .Must("content-length below the first DATA", "A body that passes content-length is malformed before it has ended.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("content-length", "3")));
            p.Data(1, "test");
            await p.ExpectMalformed();
        })
        .Must("two different content-lengths",
            Malformed, p => Exchange.MalformedBody(p, [("content-length", "4"), ("content-length", "5")], "test"))
        .Must("content-length above the body before trailers", Malformed, async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("content-length", "5")));
            p.Data(1, "test");
            p.Headers(1, FieldBlock.Of([("x-test", "ok")]), endStream: true);
            await p.ExpectMalformed();
        })
        .Must("content-length that fits",
            "A body as long as content-length says is taken.", p => Body(p, "4", probe => probe.Data(1, "test", endStream: true)))
        .Must("content-length over two DATA", "The DATA frames' octets are added up.", p => Body(p, "8", probe =>
        {
            probe.Data(1, "test");
            probe.Data(1, "test", endStream: true);
        }))
        .Must("padding is not content",
            "Padding does not count towards content-length.", p => Body(p, "4", probe => probe.PaddedData(1, "test", 20, endStream: true)))
        .Must("content-length: 0",
            "No body, and content-length says so.", p => Exchange.Sound(p, [.. p.Fields(), ("content-length", "0")]));

    private static CaseList Exchanges => new CaseList("messages", "8.1", "RFC 9113 §8.1")
        .Must("empty DATA ends a request",
            "An empty DATA frame with END_STREAM ends the request.", p => Body(p, null, probe => probe.Data(1, "", endStream: true)))
        .Must("trailers behind no DATA", "Trailers may follow the header section at once.", p =>
            Body(p, null, probe => probe.Headers(1, FieldBlock.Of([("x-test", "ok")]), endStream: true)))
        .Must("trailers in CONTINUATION", "Trailers may go on in CONTINUATION frames.", p => Body(p, null, probe =>
        {
            probe.Data(1, "test");
            probe.Headers(1, FieldBlock.Of([("x-test", "ok")]), endStream: true, endHeaders: false);
            probe.Continuation(1, FieldBlock.Of([("x-more", "ok")]), endHeaders: true);
        }))
        .Must("empty trailers", "A trailer section without fields ends the request.", p => Body(p, null, probe =>
        {
            probe.Data(1, "test");
            probe.Headers(1, [], endStream: true);
        }))
        .Must("DATA behind trailers", "Nothing follows the trailers.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Headers(1, FieldBlock.Of([("x-test", "ok")]), endStream: true);
            p.Data(1, "late", endStream: true);
            await p.ExpectStreamFault(1, ErrorCode.StreamClosed, ErrorCode.ProtocolError);
        })
        .Must("request body is delivered", "The octets of a body reach the application.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Echo, "echo");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "POST", path: path)));
            p.PaddedData(1, "one ", 7);
            p.Data(1, "");
            p.Data(1, "two ");
            p.Data(1, "three", endStream: true);
            var response = await p.ExpectAnswered(1);
            if (Encoding.ASCII.GetString(response.Body) != "one two three")
                throw Probe.Fail("the same octets in the response", Encoding.Latin1.GetString(response.Body));
        })
        .Must("100 streams at once", "Interleaved requests are all answered.", async p =>
        {
            await p.Handshake();
            var count = (int)Math.Min(100, p.PeerSetting(SettingId.MaxConcurrentStreams) ?? 100);
            for (var i = 0; i < count; i++)
                p.Request((uint)((i * 2) + 1));
            await Ended(p, count);
        });

    private static CaseList Informational => new CaseList("messages", "8.1.2", "RFC 9110 §15.2")
        .Must("expect: 100-continue",
            "A request that expects 100 gets it, or a final response, while its body is held back; the body is taken then.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post(("expect", "100-continue"), ("content-length", "4")));
            var response = p.On(1);
            for (var outcome = ReadOutcome.Frame; outcome == ReadOutcome.Frame && response.SectionCount == 0;)
                (outcome, _) = await p.Next();
            if (response.SectionCount == 0)
                throw Probe.Fail("100 or a final response before the body", response.ToString());
            if (response.Reset is null)
                p.Data(1, "test", endStream: true);
            await p.Response(1);
            if (response.Status is null || !response.Ended)
                throw Probe.Fail("a final response", response.ToString());
            if (response.Sections.Count(section => ReceivedStream.Value(section, ":status") == "100") > 1)
                throw Probe.Fail("100 once", "100 twice");
        })
        .Must("informational response", "A 1xx response does not end the stream, and a final one follows.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Informational, "informational");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var response = await p.ExpectAnswered(1);
            var first = ReceivedStream.Value(response.Sections[0], ":status");
            if (first is not { Length: 3 } || first[0] != '1')
                throw Probe.Fail("a 1xx response before the final one", $"status {first} first");
            if (first == "101")
                throw Probe.Fail("no 101: HTTP/2 has none (RFC 9113 §8.6)", "status 101");
        })
        .Must("informational response is no end", "END_STREAM never comes on the HEADERS of a 1xx response.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Informational, "informational");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var headers = await p.First(FrameType.Headers, "HEADERS without END_STREAM", frame => !frame.EndsStream);
            if (headers.StreamId != 1)
                throw Probe.Fail("HEADERS on stream 1", FrameLine.Of(headers));
        });

    private static CaseList Responses => new CaseList("messages", "8.3.2", "RFC 9113 §8.3.2")
        .Must("one :status, first", "A response begins with :status, once, of three digits, and has no other pseudo-field.", async p =>
        {
            var fields = (await Get(p)).Final ?? [];
            if (fields.Count(one => one.Name[0] == ':') != 1 || fields[0].Name != ":status"
                || fields[0].Value.Length != 3 || !fields[0].Value.All(char.IsAsciiDigit))
                throw Probe.Fail("one pseudo-field, :status, at the start",
                    string.Join(", ", fields.Where(one => one.Name.StartsWith(':'))));
        })
        .Must("field names in lower case", "The names of a response's fields are in lower case and valid.", async p =>
        {
            foreach (var (name, _) in (await Get(p)).Final ?? [])
            {
                if (name.Length == 0 || name.Any(c => c is <= ' ' or (>= 'A' and <= 'Z') or >= '\u007f'))
                    throw Probe.Fail("a field name in lower case", name);
            }
        })
        .Must("no connection-specific fields",
            "A response has no connection, keep-alive, proxy-connection, transfer-encoding or upgrade field.", async p =>
        {
            foreach (var (name, value) in (await Get(p)).Final ?? [])
            {
                if (name is "connection" or "keep-alive" or "proxy-connection" or "transfer-encoding" or "upgrade")
                    throw Probe.Fail("no connection-specific field", $"{name}: {value}");
            }
        })
        .Must("content-length is true", "A response's content-length is the length of its content.", async p =>
        {
            var response = await Get(p);
            if (ReceivedStream.Value(response.Final ?? [], "content-length") is { } length
                && length != response.DataLength.ToString(CultureInfo.InvariantCulture))
                throw Probe.Fail($"{length} octets of content", $"{response.DataLength}");
        })
        .Must("HEAD has no content", "The response to HEAD has no DATA but perhaps an empty one.", p => NoContent(p, p.Target.Path, "HEAD"))
        .Must("204 has no content",
            "A 204 response has no content.", p => NoContent(p, Probe.Need(p.Target.Resources.NoContent, "nocontent"), "GET"))
        .Must("304 has no content",
            "A 304 response has no content.", p => NoContent(p, Probe.Need(p.Target.Resources.NotModified, "notmodified"), "GET"))
        .Must("response trailers", "Trailers of a response come last, end the stream, and have no pseudo-fields.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Trailers, "trailers");
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var response = await p.ExpectAnswered(1);
            if (response.Trailers is not { } trailers || trailers.Any(one => one.Name.StartsWith(':')))
                throw Probe.Fail("trailers without pseudo-fields", response.Trailers is null
                    ? "no trailers" : "a pseudo-field in trailers");
        })
        .Must("early response",
            "A final response before the request has ended is followed by its body's credit or by RST_STREAM with NO_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(method: "POST", path: "/no-such-thing-" + p.Options.Seed)));
            p.Data(1, "test");
            await p.Response(1, TimeSpan.FromMilliseconds(300));
            p.Data(1, "test", endStream: true);
            await p.ExpectTolerated();
            if (p.On(1).Reset is { } reset and not ErrorCode.NoError)
                throw Probe.Fail("a response, perhaps with RST_STREAM NO_ERROR", FrameLine.Name(reset));
        });

    private static CaseList LargeSections => new CaseList("messages", "10.5.1", "RFC 9113 §10.5.1")
        .Must("field section above the server's limit",
            "A field section that is too large is answered with 431 or another 4xx, or refused; the dynamic table goes on.", async p =>
        {
            await p.Handshake();
            if (p.PeerSetting(SettingId.MaxHeaderListSize) is not { } limit || limit > 60_000)
                throw Probe.Skip("not applicable: the server announces no limit that a few frames could pass");
            Large(p, (int)limit + 2000, "x-kept");
            var response = await p.Response(1);
            if (response.Status is null or < 400 or >= 500 && response.Reset is null && !p.IsGoingAway)
                throw Probe.Fail("431, or the stream or connection refused", response.ToString());
            if (p.IsGoingAway)
                return;
            p.Headers(3, new FieldBlock().Indexed(2).Indexed(p.Target.Tls ? 7 : 6).Indexed(4)
                .Literal(LiteralKind.Plain, 1, p.Target.Authority).Indexed(62).ToArray(), endStream: true);
            await Exchange.Taken(p, 3);
        })
        .Must("field section below the server's limit", "A field section within the announced limit is taken.", async p =>
        {
            await p.Handshake();
            var limit = (int)Math.Min(p.PeerSetting(SettingId.MaxHeaderListSize) ?? 16_000, 60_000);
            Large(p, Math.Min(limit - 1000, 15_000), "x-kept");
            await Exchange.Taken(p);
        });

    /// <summary>A request whose field section has this size (RFC 9113 §6.5.2); its last field enters the dynamic table.</summary>
    private static void Large(Probe p, int size, string last)
    {
        var block = new FieldBlock().Indexed(2).Indexed(p.Target.Tls ? 7 : 6).Indexed(4).Literal(LiteralKind.Plain, 1, p.Target.Authority);
        for (var left = size; left > 0; left -= 3000)
            block.Literal(LiteralKind.Plain, "x-large", new string('x', Math.Min(left, 3000)));
        var octets = block.Literal(LiteralKind.Indexed, last, "1").ToArray();
        for (var at = 0; at < octets.Length; at += 16_000)
        {
            var part = octets.AsSpan(at, Math.Min(16_000, octets.Length - at));
            if (at == 0)
                p.Headers(1, part, endStream: true, endHeaders: part.Length == octets.Length);
            else
                p.Continuation(1, part, endHeaders: at + part.Length == octets.Length);
        }
    }

    private static async Task<ReceivedStream> Get(Probe p)
    {
        await p.Handshake();
        return await p.ExpectRequestAnswered(1);
    }

    private static async Task NoContent(Probe p, string path, string method)
    {
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(p.Fields(method: method, path: path)), endStream: true);
        var response = await p.ExpectAnswered(1);
        if (response.DataLength > 0)
            throw Probe.Fail("no content", response.ToString());
    }

    private static async Task Body(Probe p, string? length, Action<Probe> send)
    {
        await p.Handshake();
        p.Headers(1, length is null ? p.Post() : p.Post(("content-length", length)));
        send(p);
        await Exchange.Taken(p);
    }

    /// <summary>Waits until this many streams have ended, none of them by a fault.</summary>
    public static async Task Ended(Probe p, int count)
    {
        var ended = new HashSet<uint>();
        while (ended.Count < count)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail($"{count} complete responses", $"{ended.Count}, then {outcome}");
            if (frame.Type is FrameType.RstStream or FrameType.GoAway && frame.ErrorCode != ErrorCode.NoError)
                throw Probe.Fail($"{count} complete responses", $"{ended.Count}, then {FrameLine.Of(frame)}");
            if (frame.EndsStream)
                ended.Add(frame.StreamId);
        }
    }
}
