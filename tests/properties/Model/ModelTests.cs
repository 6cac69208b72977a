using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Http2.Exploration;
using Http2.Pure;
using Xunit;
using Xunit.Sdk;
using Outcome = Http2.Exploration.Outcome;

namespace Http2.Properties.Model;

/// <summary>
/// The core against the reference model: any sequence of frames and commands leads both to the same states, windows, queues and verdicts,
/// and nothing is sent that RFC 9113 forbids. A trace that parts them is cut down and printed as frames.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Length = 60;

    [Property(MaxTest = 250, Arbitrary = [typeof(Arbitraries)])]
    internal static void A_server_and_the_model_agree_on_every_step(ServerTrace trace) => Agree(trace.Trace);

    [Property(MaxTest = 250, Arbitrary = [typeof(Arbitraries)])]
    internal static void A_client_and_the_model_agree_on_every_step(ClientTrace trace) => Agree(trace.Trace);

    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void The_traces_reach_every_state_and_every_outcome(Role role) =>
        AssertReached(role, Combinations(role), seen => [$"{seen.Command} in {seen.Where}", $"{seen.Outcome}"]);

    /// <summary>Both ends of the end, and every setting that the model knows, each way.</summary>
    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void The_traces_reach_every_setting_and_every_part_of_going_away(Role role) =>
        AssertReached(role, Situations(role), seen => [$"{seen.Command}: {seen.Outcome}", $"{seen.Command} on {seen.Where}"]);

    /// <summary>Of a thousand commands that random traces carry out so many at least belong to each region: generators must not rot.</summary>
    [Theory]
    [InlineData(Role.Server)]
    [InlineData(Role.Client)]
    public void The_traces_reach_every_region_often(Role role)
    {
        const int Runs = 300;
        var seen = new Dictionary<string, int>();
        var all = 0;
        for (var seed = 0ul; seed < Runs; seed++)
        {
            foreach (var step in ModelRun.Of(Traces.Of(role, Length).Sample(1, new Rnd(seed), 50).First()).Seen)
            {
                all++;
                foreach (var region in RegionsOf(step))
                    seen[region] = seen.GetValueOrDefault(region) + 1;
            }
        }
        output.WriteLine($"{Runs} traces with {all} commands: {string.Join("; ", seen.Select(region => $"{region.Value * 1000L / all} of 1,000 {region.Key}"))}");
        Assert.True(all > Runs * 8, $"traces have {all / Runs} commands");
        foreach (var (region, least) in Regions)
            Assert.True(seen.GetValueOrDefault(region) * 1000L >= least * (long)all, $"{region}: {seen.GetValueOrDefault(region)} of {all} commands");
    }

    // In thousandths of all commands.
    private static readonly (string Region, int Least)[] Regions =
    [
        ("a stream that is open", 25), ("a stream that is half-closed", 20), ("a stream that is closed", 25), ("while going away", 10),
        ("within a block", 30), ("a block in parts", 10), ("a size update", 10), ("settings", 30), ("a stream fault", 2), ("a connection fault", 12),
    ];

    private static IEnumerable<string> RegionsOf((string Where, string Command, Outcome Outcome) step) =>
        new (string Region, bool IsThere)[]
        {
            ("a stream that is open", step.Where.StartsWith("Open", StringComparison.Ordinal)),
            ("a stream that is half-closed", step.Where.StartsWith("HalfClosed", StringComparison.Ordinal)),
            ("a stream that is closed", step.Where.StartsWith("Ended", StringComparison.Ordinal) || step.Where.StartsWith("Reset", StringComparison.Ordinal)),
            ("while going away", step.Where.Contains("going away", StringComparison.Ordinal)),
            ("within a block", step.Where.Contains("within a block", StringComparison.Ordinal)),
            ("a block in parts", step.Command is "PeerHeadersBegun" or "PeerContinuation"),
            ("a size update", step.Command == "PeerHeadersWithUpdate"),
            ("settings", step.Command.EndsWith("Size", StringComparison.Ordinal) || step.Command.Contains("Streams", StringComparison.Ordinal)),
            ("a stream fault", step.Outcome == Outcome.StreamFault),
            ("a connection fault", step.Outcome == Outcome.ConnectionFault),
        }.Where(region => region.IsThere).Select(region => region.Region);

    // As many traces as it takes, the same ones each time; the properties above run hundreds.
    private static void AssertReached(
        Role role, IEnumerable<string> wanted, Func<(string Where, string Command, Outcome Outcome), string[]> shows)
    {
        var missing = wanted.ToHashSet();
        for (var seed = 0ul; missing.Count > 0 && seed < 5000; seed++)
            missing.ExceptWith(ModelRun.Of(Traces.Of(role, Length).Sample(1, new Rnd(seed), 50).First()).Seen.SelectMany(shows));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Combinations(Role role)
    {
        var never = role == Role.Server ? StreamState.ReservedRemote : StreamState.ReservedLocal;
        string[] onStreams = [nameof(Command.PeerHeaders), nameof(Command.PeerData), nameof(Command.PeerReset), nameof(Command.PeerWindow)];
        return Enum.GetNames<Outcome>().Concat(
            from command in onStreams
            from state in Enum.GetValues<StreamState>()
            where state != never
            select $"{command} in {state}");
    }

    private static IEnumerable<string> Situations(Role role)
    {
        string[] settings = ["InitialWindowSize", "MaxConcurrentStreams", "MaxFrameSize", "EnablePush", "HeaderTableSize", "MaxHeaderListSize"];
        string[] free = ["MaxConcurrentStreams", "HeaderTableSize", "MaxHeaderListSize"];
        string[] beyond = ["PeerHeaders", "PeerData", "PeerReset", "PeerWindow"];
        return
        [
            .. settings.SelectMany(id => (string[])[$"Peer{id}: NoFault", $"App{id}: NoFault"]),
            .. settings.Except(free).Select(id => $"Peer{id}: ConnectionFault"),
            .. beyond.Select(command => $"{command} on a stream beyond GOAWAY"),
            "PeerHeadersBegun: NoFault", "PeerContinuation: NoFault", "PeerContinuation: ConnectionFault", "PeerOverpadded: ConnectionFault",
            "PeerHeadersWithUpdate: NoFault", "PeerHeadersWithUpdate: ConnectionFault", "PeerHeaders: ConnectionFault",
            "PeerData on Idle within a block", "AppDrain on Idle within a block", "AppShutdown on Idle within a block",
            "PeerContinuation on Idle while going away within a block", "PeerSettingsAck: NoFault", "PeerSettingsAck: ConnectionFault", "PeerGoAway: NoFault", "AppShutdown: NoFault", "PeerPong: NoFault",
            "PeerGoAway on Idle while going away", "PeerHeaders on Open while going away",
            role == Role.Server ? "AppRespond on Open while going away" : "PeerPromise on Open while going away",
        ];
    }

    /// <summary>RFC 9113 §6.9.1: a frame that spends nothing may come although SETTINGS have made the window negative.</summary>
    [Fact]
    public void An_empty_frame_ends_a_stream_whose_window_is_negative() =>
        Agree(new Trace(Role.Server, 10, 2, 10, 0, 0, [
            new Command.PeerHeaders(1, false), new Command.PeerData(1, 5), new Command.AppSetting(SettingId.InitialWindowSize, 0),
            new Command.PeerSettingsAck(), new Command.PeerData(1, 0, true),
        ]));

    [Fact]
    public void A_trace_that_parts_core_and_model_is_cut_down_to_what_matters()
    {
        // stands in for a fault: the connection has ended, and only two of these commands have to do with it
        var trace = new Trace(Role.Server, 100, 3, 100, 0, 0, [
            new Command.PeerPing(), new Command.PeerHeaders(1, false), new Command.PeerPing(), new Command.PeerData(1, 16384),
            new Command.PeerPriority(3),
        ]);
        var least = Shrink(trace, run => run.Log.Contains("FLOW_CONTROL_ERROR", StringComparison.Ordinal));
        Assert.Equal<Command>([new Command.PeerHeaders(1, false), new Command.PeerData(1, 128)], [.. least.Commands]);
    }

    private static void Agree(Trace trace)
    {
        if (ModelRun.Of(trace).Failure is null)
            return;
        var least = Shrink(trace, run => run.Failure is not null);
        var failed = ModelRun.Of(least);
        throw new XunitException($"{failed.Failure}\n\n{failed.Log}\n\n{least}");
    }

    private static Trace Shrink(Trace trace, Func<ModelRun, bool> fails) => trace with
    {
        FaultsFrom = 0,
        EndsFrom = 0,
        Commands = TraceShrinker.Shrink(
            [.. ModelRun.Of(trace).Ran], commands => fails(ModelRun.Of(trace with { FaultsFrom = 0, EndsFrom = 0, Commands = commands })), command => command.Simpler()),
    };

    public sealed record ServerTrace(object Value)
    {
        internal Trace Trace => (Trace)Value;

        // the trace as it was cut down says all there is to say
        public override string ToString() => $"a trace of {Trace.Commands.Length} commands";
    }

    public sealed record ClientTrace(object Value)
    {
        internal Trace Trace => (Trace)Value;

        // the trace as it was cut down says all there is to say
        public override string ToString() => $"a trace of {Trace.Commands.Length} commands";
    }

    public static class Arbitraries
    {
        public static Arbitrary<ServerTrace> Server() => Arb.From(Traces.Of(Role.Server, Length).Select(trace => new ServerTrace(trace)));

        public static Arbitrary<ClientTrace> Client() => Arb.From(Traces.Of(Role.Client, Length).Select(trace => new ClientTrace(trace)));
    }
}
