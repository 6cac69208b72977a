using System.Diagnostics;
using System.Globalization;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Attacks by slowness and by number: prefaces, blocks and bodies that never end, readers that never read, sockets that do nothing.
/// </summary>
internal static class AbuseTime
{
    public static IEnumerable<ConformanceCase> Cases =>
        [.. SlowReader, .. Preface, .. SlowBlocks, .. HungClose, .. Idle, .. Push, .. Drain];

    private static CaseList SlowReader => new CaseList("abuse", "17", "CVE-2016-1546")
        .Must("100 large responses and a window of 1",
            "Responses that get no credit are given up within 35 s, and hold little meanwhile.", Attack.Of(async (p, _) =>
        {
            var block = p.RepeatableBlock(Probe.Need(p.Target.Resources.Large, "large"));
            p.GrantsWindow = false;
            for (var i = 0; i < 100; i++)
                p.Headers(Attack.Stream(i), block, endStream: true);
            await Until(p, TimeSpan.FromSeconds(40), frame => frame.Type is FrameType.RstStream or FrameType.GoAway);
        }, new Setting(SettingId.InitialWindowSize, 1)));

    private static CaseList Preface => new CaseList("abuse", "32", "CVE-2026-56853")
        .Must("connection and silence",
            "A client that says nothing is closed within 15 s.", p => Guard.Against(p, _ => Closed(p, TimeSpan.FromSeconds(15), null)))
        .Must("half a preface and silence", "A preface that does not go on is closed within 15 s.", p => Guard.Against(p, _ =>
            Closed(p, TimeSpan.FromSeconds(15), probe => probe.Octets(Octet.Magic[..10], "half a preface"))))
        .Must("an octet of the preface every second",
            "A preface that trickles is closed at an absolute deadline, 15 s at most.", p => Guard.Against(p, _ => Trickled(p)))
        .Must("preface without SETTINGS", "A client that sends no SETTINGS is closed within 15 s.", p => Guard.Against(p, _ =>
            Closed(p, TimeSpan.FromSeconds(15), probe => probe.Octets(Octet.Magic, "a preface without SETTINGS"))))
        .Must("SETTINGS never acknowledged",
            "A client that does not acknowledge SETTINGS is ended with SETTINGS_TIMEOUT, within 20 s, or served on.",
            p => Guard.Against(p, async _ =>
        {
            p.Magic();
            p.Settings();
            var frame = await Wait(p, TimeSpan.FromSeconds(20), one => one.Type == FrameType.GoAway);
            if (frame is { } goAway && goAway.ErrorCode is not (ErrorCode.SettingsTimeout or ErrorCode.NoError))
                throw Probe.Fail("GOAWAY with SETTINGS_TIMEOUT", FrameLine.Of(goAway));
            if (p.Options.Strict && frame is null && !p.Ended)
                throw Probe.Fail("GOAWAY with SETTINGS_TIMEOUT", "nothing");
        }));

    private static CaseList SlowBlocks => new CaseList("abuse", "33", "CVE-2007-6750")
        .Must("field block that never ends", "A field block that does not go on is ended within 35 s.", Attack.Of(async (p, _) =>
        {
            p.Headers(1, p.RepeatableBlock(p.Target.Path), endStream: true, endHeaders: false);
            await Until(p, TimeSpan.FromSeconds(35), frame => frame.Type == FrameType.GoAway);
        }))
        .Must("frame that never ends", "A frame that does not go on is ended within 35 s.", Attack.Of(async (p, _) =>
        {
            p.Octets([.. Octet.Header(1000, FrameType.Headers, FrameFlags.EndHeaders, 1), 0x82],
                "a HEADERS frame that stops behind its first octet");
            await Until(p, TimeSpan.FromSeconds(35), frame => frame.Type == FrameType.GoAway);
        }))
        .Must("body that never comes", "A request whose body does not come is ended within 35 s.", Attack.Of(async (p, _) =>
        {
            p.Headers(1, p.RepeatableBlock(Probe.Need(p.Target.Resources.Upload, "upload"), "POST"));
            p.Data(1, "begun");
            await Until(p, TimeSpan.FromSeconds(35), frame => frame.Type is FrameType.GoAway or FrameType.RstStream || frame.EndsStream);
        }));

    private static CaseList HungClose => new CaseList("abuse", "34", "CVE-2022-27664")
        .Must("connection error and no close from the client",
            "After GOAWAY the server closes whatever the client does, within 5 s.", Attack.Of(async (p, _) =>
        {
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            var started = Stopwatch.GetTimestamp();
            while (!p.Ended && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(8))
                await p.Next(TimeSpan.FromSeconds(5));
            if (!p.Ended || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(5))
                throw Probe.Fail("the close within 5 s", Seconds(started));
        }))
        .Must("requests behind GOAWAY, on 100 connections",
            "What comes behind the server's GOAWAY leaves nothing behind.", p => Guard.Against(p, async guard =>
        {
            guard.Memory *= 2;
            for (var i = 0; i < 100; i++)
            {
                await using var other = p.Another();
                await other.Handshake();
                other.Frame(FrameType.Ping, 0, 1, new byte[8]);
                for (var stream = 1u; stream < 21; stream += 2)
                {
                    other.Request(stream);
                    other.Reset(stream);
                }
                await other.ExpectGoAway(ErrorCode.ProtocolError);
            }
        }));

    private static CaseList Idle => new CaseList("abuse", "36", "RFC 9113 §10.5")
        .Must("1,000 idle connections",
            "An idle connection holds 20 KiB at most; 32 KiB unless strict.", p => Guard.Against(p, async guard =>
        {
            const int Count = 1000;
            guard.Memory = (p.Options.Strict ? 20L << 10 : 32L << 10) * Count;
            var idle = new List<Probe>(Count);
            try
            {
                for (var i = 0; i < Count; i++)
                {
                    var other = p.Another();
                    idle.Add(other);
                    await other.Handshake();
                }
                await p.Handshake();
                await p.ExpectRequestAnswered(1);
            }
            finally
            {
                foreach (var other in idle)
                    await other.DisposeAsync();
            }
        }));

    private static CaseList Push => new CaseList("abuse", "37", "RFC 9113 §8.4")
        .Must("300 pushes, each refused",
            "Pushes that are refused cost nothing further, and come to an end before the connection does.", Attack.Of(async (p, _) =>
        {
            var path = Probe.Need(p.Target.Resources.Push, "push");
            for (var i = 0; i < 300 && !p.IsGoingAway; i++)
            {
                var stream = Attack.Stream(i);
                p.Headers(stream, FieldBlock.Of(p.Fields(path: path)), endStream: true);
                var response = p.On(stream);
                while (response is { Ended: false, Reset: null } && !p.IsGoingAway)
                {
                    var (outcome, frame) = await p.Next();
                    if (outcome != ReadOutcome.Frame)
                        throw Probe.Fail("a response", outcome.ToString());
                    if (frame.Type == FrameType.PushPromise)
                        p.Reset(frame.NamedStream, ErrorCode.RefusedStream);
                }
            }
        }));

    private static CaseList Drain => new CaseList("abuse", "44", "RFC 9113 §6.8")
        .Should("stop during 50 uploads and new requests",
            "A server that is stopped under load loses nothing: what it took is answered, what it did not take is above its last stream.",
            async p =>
        {
            var path = Probe.Need(p.Target.Resources.Upload, "upload");
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake();
            for (var i = 0; i < 50; i++)
            {
                client.Headers(Attack.Stream(i), FieldBlock.Of(client.Fields(method: "POST", path: path)));
                client.Data(Attack.Stream(i), "begun");
            }
            await client.ExpectTolerated();
            var stopping = server.StopAsync();
            await client.ExpectFrame(FrameType.GoAway);
            client.Request(Attack.Stream(50));
            for (var i = 0; i < 50; i++)
                client.Data(Attack.Stream(i), "ended", endStream: true);
            await Finished(client, 51);
            await stopping;
        });

    private static async Task Finished(Probe client, int count)
    {
        var last = uint.MaxValue;
        while (true)
        {
            var (outcome, frame) = await client.Next(TimeSpan.FromSeconds(5));
            if (outcome != ReadOutcome.Frame)
                break;
            if (frame is { Type: FrameType.Ping, IsAck: false })
                client.Frame(FrameType.Ping, FrameFlags.Ack, 0, frame.Payload.Span);
            if (frame.Type == FrameType.GoAway)
                last = Math.Min(last, frame.NamedStream);
        }
        var lost = Enumerable.Range(0, count).Select(Attack.Stream)
            .Where(id => id <= last && !client.On(id).Ended && client.On(id).Reset is not ErrorCode.RefusedStream).ToList();
        if (lost.Count > 0)
            throw Probe.Fail("every request up to the last stream answered", $"stream {lost[0]} and {lost.Count - 1} more not answered");
    }

    private static async Task Closed(Probe p, TimeSpan limit, Action<Probe>? send)
    {
        await p.Connect();
        send?.Invoke(p);
        await Until(p, limit, frame => frame.Type == FrameType.GoAway);
    }

    private static async Task Trickled(Probe p)
    {
        await p.Connect();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 16 && !p.Ended; i++)
        {
            p.Octets(Octet.Magic.Slice(i, 1), "one octet of the preface");
            var (outcome, _) = await p.Next(TimeSpan.FromSeconds(1));
            if (outcome is ReadOutcome.Closed or ReadOutcome.Broken)
                return;
        }
        throw Probe.Fail("the close within 15 s", $"open after {Seconds(started)}");
    }

    /// <summary>Waits for the frame that the case is about, or for the close, within the limit.</summary>
    private static async Task Until(Probe p, TimeSpan limit, Func<WireFrame, bool> right)
    {
        var started = Stopwatch.GetTimestamp();
        if (await Wait(p, limit, right) is null && !p.Ended)
            throw Probe.Fail($"an end within {limit.TotalSeconds:0} s", "none");
        p.Measured.Add($"ended after {Seconds(started)}");
    }

    private static async Task<WireFrame?> Wait(Probe p, TimeSpan limit, Func<WireFrame, bool> right)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = limit - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return null;
            var (outcome, frame) = await p.Next(left);
            if (outcome != ReadOutcome.Frame)
                return null;
            if (right(frame))
                return frame;
        }
    }

    private static string Seconds(long started) =>
        string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
}
