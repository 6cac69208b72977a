using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Crowds: many connections that each keep within the limits of one, and hold all that these allow. A server bounds the sum, or has the
/// memory for it; either way others are served, and what the crowd held is given up when it has gone.
/// </summary>
internal static class AbuseCrowds
{
    private const int Connections = 50;
    private const int Requests = 100;

    private const string Requirement = "The server bears the crowd or ends some of it; others are served, and nothing is held afterwards.";

    public static IEnumerable<ConformanceCase> Cases => new CaseList("abuse", "46", "RFC 9113 §10.5")
        .Must("50 connections with 100 large responses each and no window", Requirement,
            p => Gather(p, Probe.Need(p.Target.Resources.Large, "large")))
        .Must("50 connections with 100 requests each that take long", Requirement,
            p => Gather(p, Probe.Need(p.Target.Resources.Slow, "slow")))
        .Must("50 connections with 100 requests each whose fields are large", Requirement,
            p => Gather(p, Probe.Need(p.Target.Resources.Slow, "slow"), new string('x', 4000)));

    private static Task Gather(Probe p, string path, string field = "") => Guard.Against(p, async guard =>
    {
        guard.Memory *= Connections;
        var crowd = new List<Probe>(Connections);
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                var one = p.Another();
                crowd.Add(one);
                try
                {
                    await Ask(one, path, field);
                }
                catch (CaseFailedException)
                {
                    // The server turned the connection away or ended it, which is one way to bound a crowd.
                }
            }
            await Task.Delay(TimeSpan.FromSeconds(1), p.Cancellation);
        }
        finally
        {
            foreach (var one in crowd)
                await one.DisposeAsync();
        }
    });

    private static async Task Ask(Probe one, string path, string field)
    {
        await one.Handshake(new Setting(SettingId.InitialWindowSize, 0));
        byte[] block = [.. one.RepeatableBlock(path), .. field.Length == 0 ? [] : new FieldBlock().Literal(LiteralKind.Plain, "x-large", field).ToArray()];
        await one.Flood(Requests, (output, i) => Attack.Request(output, Attack.Stream(i), block), TimeSpan.FromSeconds(5));
    }
}
