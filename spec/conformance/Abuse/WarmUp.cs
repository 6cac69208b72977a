using System.Diagnostics;

namespace Http2.Conformance;

/// <summary>
/// Ordinary requests before the first attack. A server sets memory aside when it first works, and a runtime with a compiler and a collector
/// lets code and heap grow to what is usual; neither is an attack's doing, so it is over before anything is measured.
/// </summary>
internal static class WarmUp
{
    private const int Batch = 60;
    private const int QuietRounds = 3;
    private const long Noise = 512 << 10;

    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Asks until the server's memory grows no more.</summary>
    /// <param name="gauge">The server's process.</param>
    /// <param name="client">Makes a client.</param>
    public static async Task RunAsync(ProcessGauge gauge, Func<Probe> client)
    {
        var started = Stopwatch.GetTimestamp();
        gauge.ForgetPeak();
        var most = gauge.Peak;
        for (var quiet = 0; quiet < QuietRounds && Stopwatch.GetElapsedTime(started) < Limit;)
        {
            await AskAsync(client, Round).ConfigureAwait(false);
            quiet = gauge.Peak - most < Noise ? quiet + 1 : 0;
            most = gauge.Peak;
        }
    }

    /// <summary>
    /// The most memory, in octets, that the server uses during ordinary requests. A heap rises and falls between collections, so the peak
    /// of an attack is compared with this peak, not with the size that the heap happened to have when the attack began.
    /// </summary>
    public static async Task<long> PeakAsync(ProcessGauge gauge, Func<Probe> client)
    {
        gauge.ForgetPeak();
        await AskAsync(client, Round).ConfigureAwait(false);
        return gauge.Peak;
    }

    /// <summary>Requests in batches, each answered before the next goes out, until the time is over.</summary>
    public static async Task AskAsync(Func<Probe> client, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            await using var probe = client();
            await probe.Handshake().ConfigureAwait(false);
            var plain = probe.RepeatableBlock(probe.Target.Path);
            var rich = Rich(plain);
            var upload = probe.RepeatableBlock(probe.Target.Resources.Upload ?? probe.Target.Path, "POST");
            for (var done = 0; !probe.IsGoingAway && Stopwatch.GetElapsedTime(started) < time; done += Batch)
            {
                for (var i = 0; i < Batch; i++)
                    Ask(probe, Attack.Stream(done + i), (i % 3) switch { 0 => plain, 1 => rich, _ => upload }, hasBody: i % 3 == 2);
                for (var i = 0; i < Batch && !probe.IsGoingAway; i++)
                    await probe.Response(Attack.Stream(done + i)).ConfigureAwait(false);
            }
        }
    }

    private static void Ask(Probe probe, uint stream, byte[] block, bool hasBody)
    {
        probe.Headers(stream, block, endStream: !hasBody);
        if (hasBody)
            probe.Data(stream, new byte[1000], endStream: true);
    }

    /// <summary>As many fields as a browser sends with a few cookies.</summary>
    private static byte[] Rich(byte[] plain)
    {
        var fields = new FieldBlock();
        for (var i = 0; i < 20; i++)
            fields.Literal(LiteralKind.Indexed, $"x-field-{i}", "a value of some forty octets, like a cookie");
        return [.. plain, .. fields.ToArray()];
    }
}
