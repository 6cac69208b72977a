using System.Collections.Concurrent;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>Every case that judges clients, a row each: our clients pass it, and a client that does what it is about wrong fails it.</summary>
public sealed class ClientCaseTests
{
    private static readonly ConformanceOptions Strict = new() { Strict = true, Timeout = TimeSpan.FromSeconds(5) };

    private static readonly ConformanceOptions Quick = new() { Timeout = TimeSpan.FromSeconds(0.25) };

    /// <summary>Why a case may not apply to a client of ours: another row has it.</summary>
    private static readonly string[] Elsewhere =
    [
        "only over ", "the client takes pushes", "the client takes no pushes", "the client has sent all requests",
        // not elsewhere, but a matter of time between two ends that are both quick
        "the client pays back",
    ];

    /// <summary>The identifiers of the cases.</summary>
    public static TheoryData<string> Rows() => [.. ClientSuite.Cases.Select(@case => @case.Id)];

    /// <summary>The identifiers of the cases about pushes.</summary>
    public static TheoryData<string> PushRows() => [.. ClientSuite.Cases.Where(@case => @case.Group == "client-push").Select(@case => @case.Id)];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Our_library_passes_over_cleartext(string id) => Passes(id, OurClients.Library());

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Our_library_passes_over_TLS(string id) => Passes(id, OurClients.Library(tls: true));

    [Theory]
    [MemberData(nameof(PushRows))]
    public Task Our_library_passes_when_it_takes_pushes(string id) => Passes(id, OurClients.Library(takesPushes: true));

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Our_command_passes(string id) => Passes(id, OurClients.Command());

    [Fact]
    public async Task Every_case_is_failed_by_a_client_that_takes_everything_or_nothing_or_has_a_wrong_client_of_its_own()
    {
        var passed = ClientSuite.Cases.Select(@case => @case.Id).Except(WrongClientRows.Rows().Select(row => Case(row.Data.Item2, row.Data.Item3).Id)).ToList();
        foreach (var wrong in (Wrong[])[Wrong.Credulous, Wrong.Suspicious])
        {
            await RemoveFailedAsync(passed, WrongClient.Of(wrong), id => !IsHostile(id) && !IsOverTls(id));
            await RemoveFailedAsync(passed, WrongClient.Of(wrong, tls: true), IsOverTls);
        }
        await RemoveFailedAsync(passed, WrongClient.Of(Wrong.Hanging), IsHostile);
        Assert.Empty(passed);
    }

    [Theory]
    [MemberData(nameof(WrongClientRows.Rows), MemberType = typeof(WrongClientRows))]
    public async Task A_client_fails_the_case_for_what_it_does_wrong(Wrong wrong, string section, string title)
    {
        var @case = Case(section, title);
        var tls = @case.Group == "client-tls";
        var right = await ClientSuite.RunCaseAsync(@case, OurClients.Library(tls), Strict);
        Assert.True(right.Verdict == Verdict.Passed, $"{@case.Id} {title}: {right.Actual}");
        var result = await ClientSuite.RunCaseAsync(@case, WrongClient.Of(wrong, tls), Quick);
        Assert.True(result.Verdict == Verdict.Failed, $"{@case.Id} {title}: {wrong} is {result.Verdict}, {result.Actual}");
    }

    private static bool IsOverTls(string id) => id.StartsWith("client-tls/", StringComparison.Ordinal);

    private static bool IsHostile(string id) => id.StartsWith("client-hostile/", StringComparison.Ordinal);

    // Side by side, since most of the time goes into waiting; a run would do hostile cases one by one, because it measures there.
    private static async Task RemoveFailedAsync(List<string> passed, ConformanceClient client, Func<string, bool> applies)
    {
        var failed = new ConcurrentBag<string>();
        var cases = ClientSuite.Cases.Where(@case => passed.Contains(@case.Id) && applies(@case.Id));
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (@case, cancellation) =>
        {
            if ((await ClientSuite.RunCaseAsync(@case, client, Quick, cancellation)).Verdict == Verdict.Failed)
                failed.Add(@case.Id);
        });
        passed.RemoveAll(failed.Contains);
    }

    private static ConformanceCase Case(string section, string title) =>
        ClientSuite.Cases.Single(@case => $"{@case.Group}/{@case.Section}" == section && @case.Title == title);

    private static async Task Passes(string id, ConformanceClient client)
    {
        var @case = ClientSuite.Cases.Single(@case => @case.Id == id);
        var result = await ClientSuite.RunCaseAsync(@case, client, Strict);
        var elsewhere = result.Verdict == Verdict.Skipped && Elsewhere.Any(reason => result.Actual.StartsWith(reason, StringComparison.Ordinal));
        Assert.True(
            result.Verdict == Verdict.Passed || elsewhere,
            $"{id}: {@case.Title}\nrequirement: {@case.Requirement}\nexpected: {string.Join(" or ", result.Expected)}\n"
            + $"actual: {result.Actual}\n{string.Join('\n', result.Trace)}");
    }
}
