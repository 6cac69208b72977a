using System.Diagnostics;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>
/// The attacks, a row each, against our server. Memory and latency are not judged here, where attacker and server share a process and other
/// tests run beside them; <c>http2 spec --exec</c> judges them. The attacks by silence take minutes and run there, too.
/// </summary>
public sealed class AbuseTests(CaseTests.Server server) : IClassFixture<CaseTests.Server>
{
    private static readonly ConformanceOptions Options = new()
    {
        Strict = true,
        Timeout = TimeSpan.FromSeconds(10),
        JudgeLatency = false,
        Selectors = ["abuse"],
        Excludes = ["abuse/17", "abuse/32", "abuse/33", "abuse/36"],
    };

    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(5);

    /// <summary>The identifiers of the cases.</summary>
    public static TheoryData<string> Rows() => [.. ConformanceSuite.Select(Options).Select(@case => @case.Id)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Our_server_holds(string id)
    {
        var result = await ConformanceSuite.RunCaseAsync(ConformanceSuite.Cases.Single(@case => @case.Id == id),
            server.Demo.Target(tls: id.StartsWith("abuse/45", StringComparison.Ordinal)), Options);
        Assert.True(
            result.Verdict == Verdict.Passed,
            $"{id}: {result.Case.Title}\nexpected: {string.Join(" or ", result.Expected)}\nactual: {result.Actual}\n"
            + string.Join('\n', result.Measured));
        await Assert_nothing_is_held(id);
    }

    /// <summary>Connections, streams, handlers, buffers and timers are all gone once the attacker is.</summary>
    private async Task Assert_nothing_is_held(string id)
    {
        var started = Stopwatch.GetTimestamp();
        while (server.Demo.Load != default && Stopwatch.GetElapsedTime(started) < GivenUp)
            await Task.Yield();
        Assert.True(server.Demo.Load == default, $"{id}: {server.Demo.Load}");
    }
}
