using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Clients that ask for much and then change their minds: people at browsers, and proxies that pass on what their own clients do. A server
/// that bounds resets must tell them from attackers (CVE-2023-44487), or it breaks ordinary use.
/// </summary>
internal static class HonestCases
{
    private const string NoAttack = "The connection goes on: no stream is refused, and the requests that are not cancelled are answered.";

    private static readonly TimeSpan KeyRepeat = TimeSpan.FromMilliseconds(33);

    public static IEnumerable<ConformanceCase> Cases => [.. Tabs, .. Typing, .. Reload, .. Polls, .. Crossing, .. Proxy];

    private static CaseList Tabs => new CaseList("honest", "1", "RFC 9113 §5.1.2")
        .Must("100 requests cancelled, and one more at once",
            "A stream that was reset has freed its place when the next request comes.", async p =>
        {
            var client = await Client.StartAsync(p);
            client.Cancel(client.Ask(client.Slow, client.Width));
            await client.ExpectServed(1);
        })
        .Must("20 tabs with 100 requests each, opened and closed", NoAttack, async p =>
        {
            var client = await Client.StartAsync(p);
            for (var tab = 0; tab < 20; tab++)
            {
                var requests = client.Ask(client.Slow, client.Width);
                await client.Pass(TimeSpan.FromMilliseconds(100));
                client.Cancel(requests);
            }
            await client.ExpectServed(1);
        });

    private static CaseList Typing => new CaseList("honest", "2", "RFC 9113 §5.4.2")
        .MustForEach([50, 100, 200], after => $"a search for each key, 20 a second, each cancelled after {after} ms", _ => NoAttack,
            async (p, after) =>
        {
            var client = await Client.StartAsync(p);
            var searches = new Queue<uint>();
            for (var key = 0; key < 60; key++)
            {
                searches.Enqueue(client.Ask(client.Slow, 1)[0]);
                await client.Pass(TimeSpan.FromMilliseconds(50));
                if (searches.Count * 50 >= after)
                    client.Cancel(searches.Dequeue());
            }
            await client.ExpectServed(1);
        });

    private static CaseList Reload => new CaseList("honest", "3", "RFC 9113 §5.4.2")
        .Must("a reload held down for three seconds, each with 20 requests cancelled", NoAttack, async p =>
        {
            var client = await Client.StartAsync(p);
            for (var reload = 0; reload < 90; reload++)
            {
                await client.ExpectServed(1);
                var parts = client.Ask(client.Slow, 20);
                await client.Pass(KeyRepeat);
                client.Cancel(parts);
            }
            await client.ExpectServed(1);
        });

    private static CaseList Polls => new CaseList("honest", "4", "RFC 9113 §5.4.2")
        .Must("540 long polls cancelled in waves of 90", NoAttack, async p =>
        {
            var client = await Client.StartAsync(p);
            for (var wave = 0; wave < 6; wave++)
            {
                var polls = client.Ask(client.Slow, Math.Min(90, client.Width));
                await client.Pass(TimeSpan.FromMilliseconds(250));
                client.Cancel(polls);
            }
            await client.ExpectServed(1);
        });

    private static CaseList Crossing => new CaseList("honest", "5", "RFC 9113 §5.1")
        .Must("2,000 resets that cross their answers", NoAttack, async p =>
        {
            var client = await Client.StartAsync(p);
            for (var page = 0; page < 20; page++)
            {
                var parts = client.Ask(p.Target.Path, client.Width);
                await client.Pass(KeyRepeat);
                client.Cancel(parts);
            }
            await client.ExpectServed(1);
        });

    private static CaseList Proxy => new CaseList("honest", "6", "RFC 9113 §5.4.2")
        .Must("a proxy: 3,000 requests served, 450 more cancelled at any age", NoAttack, async p =>
        {
            var client = await Client.StartAsync(p);
            var cancelled = new PriorityQueue<uint, int>();
            for (var tick = 0; tick < 150; tick++)
            {
                foreach (var id in client.Ask(client.Slow, 3))
                    cancelled.Enqueue(id, tick + p.Random.Next(15));
                while (cancelled.TryPeek(out _, out var due) && due <= tick)
                    client.Cancel(cancelled.Dequeue());
                await client.ExpectServed(20);
            }
            await client.ExpectServed(1);
        });

    /// <summary>One connection of a client that changes its mind.</summary>
    private sealed class Client(Probe probe, string slow)
    {
        private uint _next = 1;

        /// <summary>A path whose answer takes longer than the case.</summary>
        public string Slow => slow;

        /// <summary>The most requests that the client has open at a time.</summary>
        public int Width => (int)Math.Min(100, probe.PeerSetting(SettingId.MaxConcurrentStreams) ?? 100);

        public static async Task<Client> StartAsync(Probe probe)
        {
            var slow = Probe.Need(probe.Target.Resources.Slow, "slow");
            await probe.Handshake();
            return new Client(probe, slow);
        }

        public uint[] Ask(string path, int count)
        {
            var block = probe.RepeatableBlock(path);
            var ids = new uint[count];
            for (var i = 0; i < count; i++, _next += 2)
                probe.Headers(ids[i] = _next, block, endStream: true);
            return ids;
        }

        /// <summary>Resets requests. The frames are sent when the client next reads or waits.</summary>
        public void Cancel(params uint[] ids)
        {
            foreach (var id in ids)
                probe.Reset(id);
        }

        /// <summary>Lets time pass, and reads what comes meanwhile.</summary>
        public async Task Pass(TimeSpan time)
        {
            await probe.ExpectTolerated();
            await Task.Delay(time, probe.Cancellation);
            await probe.ExpectTolerated();
        }

        /// <summary>Some requests are answered, and nothing was refused or ended on the way.</summary>
        public async Task ExpectServed(int count)
        {
            foreach (var id in Ask(probe.Target.Path, count))
            {
                var response = await probe.Response(id);
                if (!response.IsSuccess || probe.IsGoingAway)
                    throw Probe.Fail($"a response on stream {id}", response.ToString());
            }
        }
    }
}
