using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>Every case that is not abuse, a row each, against our server, strict.</summary>
public abstract class CaseTests(CaseTests.Server server)
{
    private static readonly ConformanceOptions Strict = new() { Strict = true, Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The identifiers of the cases.</summary>
    public static TheoryData<string> Rows() => [.. ConformanceSuite.Select(Strict).Select(@case => @case.Id)];

    protected async Task Passes(string id, bool tls)
    {
        var result = await ConformanceSuite.RunCaseAsync(ConformanceSuite.Cases.Single(@case => @case.Id == id),
            server.Demo.Target(tls), Strict);

        // What TLS has no word on over cleartext, and the other way round, is no gap: the other class has the row. A rule for servers that
        // announce a small table has a test of its own.
        var elsewhere = result.Verdict == Verdict.Skipped
            && (result.Actual.StartsWith("only over ", StringComparison.Ordinal)
                || result.Actual.StartsWith("not applicable: ", StringComparison.Ordinal));
        Assert.True(
            result.Verdict == Verdict.Passed || elsewhere,
            $"{id}: {result.Case.Title}\nrequirement: {result.Case.Requirement}\n"
            + $"expected: {string.Join(" or ", result.Expected)}\nactual: {result.Actual}\n" + string.Join('\n', result.Trace));
    }

    /// <summary>One server for all rows; each case has connections of its own.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal DemoServer Demo { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => Demo = await DemoServer.StartAsync();

        /// <inheritdoc/>
        public async ValueTask DisposeAsync() => await Demo.DisposeAsync();
    }
}

/// <summary>The cases over cleartext.</summary>
public sealed class CleartextTests(CaseTests.Server server) : CaseTests(server), IClassFixture<CaseTests.Server>
{
    [Theory]
    [MemberData(nameof(Rows))]
    public Task Our_server_passes_over_cleartext(string id) => Passes(id, tls: false);
}

/// <summary>The cases over TLS.</summary>
public sealed class TlsTests(CaseTests.Server server) : CaseTests(server), IClassFixture<CaseTests.Server>
{
    [Theory]
    [MemberData(nameof(Rows))]
    public Task Our_server_passes_over_TLS(string id) => Passes(id, tls: true);
}

/// <summary>What is asked of a server that announces a small table.</summary>
public sealed class SmallTableTests
{
    [Fact]
    public async Task Our_server_asks_for_the_size_update_that_a_small_table_makes_due()
    {
        await using var server = await DemoServer.StartAsync(new Http2.Pure.ConnectionOptions { DecoderTableSize = 1024 });
        var options = new ConformanceOptions { Selectors = ["compression/4"], Strict = true };
        var results = new List<CaseResult>();
        await foreach (var result in ConformanceSuite.RunAsync(server.Target(tls: false), options))
            results.Add(result);
        var missing = Assert.Single(results, result => result.Case.Title == "missing size update");
        Assert.True(missing.Verdict == Verdict.Passed, missing.Actual);
    }
}
