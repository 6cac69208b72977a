using System.Globalization;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Servers that flood, starve or cheat a client: RFC 9113 §10.5. Whether the client goes on or gives up, it must stay small, and it must end in
/// time when the server has done.
/// </summary>
internal static class ClientHostileCases
{
    private const string Holds = "The client gives up or goes on; its memory stays within bounds, and it ends.";

    /// <summary>How much the resident memory of a client's process may rise: programs differ in how late they collect garbage.</summary>
    private const long MostMemory = 64 << 20;

    private const int Many = 50_000;

    private static readonly (string Section, string Title, Action<ServerEnd, int> Send)[] Floods =
    [
        ("1", "PING", (s, i) => s.Ping((ulong)i)),
        ("1", "answers to PING", (s, i) => s.Ping((ulong)i, ack: true)),
        ("1", "SETTINGS", (s, _) => s.Settings()),
        ("1", "SETTINGS that change the windows", (s, i) => s.Settings(SettingId.InitialWindowSize, i % 2 == 0 ? 0u : 65535)),
        ("1", "acknowledgements of SETTINGS", (s, _) => s.SettingsAck()),
        ("1", "WINDOW_UPDATE", (s, _) => s.WindowUpdate(0, 1)),
        ("1", "PRIORITY", (s, i) => s.Priority((uint)(1001 + (2 * i)))),
        ("1", "unknown frames", (s, _) => s.Unknown(0)),
        ("1", "GOAWAY", (s, _) => s.GoAway(int.MaxValue, ErrorCode.NoError)),
        ("2", "empty DATA", (s, _) => s.Data(s.StreamId, "")),
        ("2", "DATA of nothing but padding", (s, _) => s.PaddedData(s.StreamId, "", 0)),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Frames("1"), .. Frames("2"), .. Heads, .. Lasting, .. Silence];

    private static ClientCaseList Frames(string section) => new ClientCaseList("client-hostile", section, "RFC 9113 §10.5")
        .MustForEach(Floods.Where(row => row.Section == section), row => $"flood of {row.Title}", Holds, (s, row) => Against(s, () =>
        {
            s.Head();
            return Flood(s, i => row.Send(s, i));
        }));

    private static ClientCaseList Heads => new ClientCaseList("client-hostile", "3", "RFC 9113 §10.5.1")
        .Must("flood of informational responses", Holds, s => Against(s, () =>
        {
            var block = new FieldBlock().Literal(LiteralKind.Plain, 8, "103").Literal(LiteralKind.Plain, "link", "</a.css>").ToArray();
            return Flood(s, _ => s.Headers(s.StreamId, block));
        }))
        .Must("CONTINUATION without end", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, Serving.Ok(), endHeaders: false);
            var fields = new FieldBlock().Literal(LiteralKind.Plain, "x-more", new string('m', 8000)).ToArray();
            return Flood(s, _ => s.Continuation(s.StreamId, fields, endHeaders: false), count: 10_000);
        }))
        .Must("empty CONTINUATION without end", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, Serving.Ok(), endHeaders: false);
            return Flood(s, _ => s.Continuation(s.StreamId, [], endHeaders: false));
        }))
        .Must("a head that grows a thousandfold", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, Bomb(new string('b', 3900), 12_000).ToArray());
            return Task.CompletedTask;
        }))
        .Must("trailers that grow a thousandfold", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, Bomb(new string('b', 3900), 0).ToArray());
            s.Headers(s.StreamId, Enumerable.Range(0, 16_000).Aggregate(new FieldBlock(), (block, _) => block.Indexed(62)).ToArray(), endStream: true);
            return Task.CompletedTask;
        }))
        .Must("fields of one octet", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, Bomb("", 16_000).ToArray());
            return Task.CompletedTask;
        }))
        .Must("a name without end", Holds, s => Against(s, () =>
        {
            s.Headers(s.StreamId, new FieldBlock().Indexed(8).Octets(0x40).Integer(0, 7, int.MaxValue).ToArray(), endHeaders: false);
            var letters = Octet.Fill(16384, (byte)'n');
            return Flood(s, _ => s.Continuation(s.StreamId, letters, endHeaders: false), count: 5_000);
        }));

    private static ClientCaseList Lasting => new ClientCaseList("client-hostile", "4", "RFC 9113 §10.5")
        .Must("flood of promises", Holds, s => Against(s, () =>
        {
            s.Head();
            var block = new FieldBlock().Indexed(2).Indexed(s.Run.Client.Tls ? 7 : 6).Literal(LiteralKind.Plain, 4, "/a.css")
                .Literal(LiteralKind.Plain, 1, s.Run.Authority).ToArray();
            return Flood(s, i => s.PushPromise(s.StreamId, (uint)(2 * (i + 1)), block));
        }))
        .Must("GOAWAY with long text", Holds, s => Against(s, () =>
        {
            s.Head();
            var text = new string('g', 16_000);
            return Flood(s, _ => s.GoAway(int.MaxValue, ErrorCode.NoError, text), count: 5_000);
        }));

    private static ClientCaseList Silence => new ClientCaseList("client-hostile", "5", "RFC 9113 §9.1")
        .Must("the end within the preface", "A client whose server goes away in the midst ends, without a response.", async s =>
        {
            await s.Preface();
            s.Octets([0, 0, 6, 4], "the beginning of SETTINGS");
            await s.ExpectNoResponse(hangUp: true);
        })
        .Must("a reset of the connection", "A client whose connection is reset ends, without a response.", async s =>
        {
            await s.Requested();
            s.Head();
            await s.ExpectTolerated();
            s.Connection.Abort();
            await s.ExpectNoResponse(hangUp: true);
        })
        .Must("the end behind the request", "A client whose server goes away before it has answered ends, without a response.", async s =>
        {
            await s.Requested();
            await s.ExpectNoResponse(hangUp: true);
        })
        .Must("octets that are no frames", "A client whose server sends anything at all ends, without a response.", async s =>
        {
            await s.Requested();
            var octets = new byte[65536];
            s.Random.NextBytes(octets);
            s.Octets(octets, "random octets");
            await s.ExpectNoResponse(hangUp: true);
        });

    private static FieldBlock Bomb(string value, int references)
    {
        var block = new FieldBlock().Indexed(8).Literal(LiteralKind.Indexed, "b", value);
        for (var i = 0; i < references; i++)
            block.Indexed(62);
        return block;
    }

    /// <summary>The client waits for a response and gets an attack; its memory is within bounds then, and it ends when the connection does.</summary>
    private static async Task Against(ServerEnd s, Func<Task> attack)
    {
        await s.Requested();
        var before = Resident(s);
        await attack();
        s.Records = false;
        await s.UntilEndOr(() => s.IsGoingAway);
        if (Resident(s) is > 0 and var after && before > 0)
        {
            s.Measured.Add(string.Create(CultureInfo.InvariantCulture, $"the client's memory rose by {(after - before) / 1048576.0:0.0} MiB"));
            if (after - before > MostMemory)
                throw Speaker.Fail($"at most {MostMemory >> 20} MiB more", s.Measured[^1]);
        }
        await s.HangUp();
    }

    /// <summary>Sends so many frames as fast as the client takes them, unless it gives up.</summary>
    private static async Task Flood(ServerEnd s, Action<int> send, int count = Many)
    {
        s.Records = false;
        for (var i = 0; i < count && !s.IsGoingAway && !s.Ended; i++)
        {
            send(i);
            if (s.Gathered > 32 * 1024)
                await Take(s);
        }
        await Take(s);
    }

    /// <summary>Sends what is gathered and takes what has come, so that neither end waits for the other.</summary>
    private static async Task Take(ServerEnd s)
    {
        while ((await s.Next(TimeSpan.FromMilliseconds(1))).Outcome == ReadOutcome.Frame && !s.IsGoingAway)
        {
            // Answers are of no interest here.
        }
    }

    /// <summary>The resident memory of the client's process, or 0 when it has ended or has none of its own.</summary>
    private static long Resident(ServerEnd s)
    {
        try
        {
            return s.Run.Ending is null ? ProcessGauge.Of(s.Run.ProcessId)?.Resident ?? 0 : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
