using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Http2.Conformance;

/// <summary>Judges HTTP/2 clients: each case plays a server to a client that is started for it. Thread-safe.</summary>
public static class ClientSuite
{
    /// <summary>All cases, in the order in which they run.</summary>
    public static ImmutableArray<ConformanceCase> Cases => ClientCatalog.All;

    /// <summary>The cases that a run with <paramref name="options"/> consists of.</summary>
    /// <param name="options">Selectors, exclusions and strictness are looked at.</param>
    public static ImmutableArray<ConformanceCase> Select(ConformanceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Selector.Select(Cases, options);
    }

    /// <summary>Runs the selected cases, each with a client of its own, and yields the results in the order of the cases.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">How to run.</param>
    /// <param name="cancellation">Ends the run; what runs is abandoned.</param>
    /// <exception cref="TargetUnreachableException">The client does not ask a server that does nothing wrong.</exception>
    public static async IAsyncEnumerable<CaseResult> RunAsync(
        ConformanceClient client, ConformanceOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var cases = Select(options);
        if (cases.IsEmpty)
            yield break;
        var habits = await HabitsAsync(client, options, cancellation).ConfigureAwait(false);
        var schedule = new CaseSchedule(options, (@case, attempt, token) => RunAsync((ClientCase)@case, (client, habits), options, attempt, token));
        await foreach (var result in schedule.RunAsync(cases, cancellation).ConfigureAwait(false))
            yield return result;
    }

    /// <summary>Runs one case once.</summary>
    /// <param name="case">The case.</param>
    /// <param name="client">The client.</param>
    /// <param name="options">How to run; selectors are not looked at.</param>
    /// <param name="cancellation">Abandons the case.</param>
    /// <exception cref="TargetUnreachableException">The client does not ask a server that does nothing wrong.</exception>
    public static async Task<CaseResult> RunCaseAsync(
        ConformanceCase @case, ConformanceClient client, ConformanceOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(@case);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        var habits = await HabitsAsync(client, options, cancellation).ConfigureAwait(false);
        return await RunAsync((ClientCase)@case, (client, habits), options, 1, cancellation).ConfigureAwait(false);
    }

    private static async Task<ClientHabits> HabitsAsync(ConformanceClient client, ConformanceOptions options, CancellationToken cancellation) =>
        client.Habits ?? await Calibration.LearnAsync(client, options, cancellation).ConfigureAwait(false);

    private static async Task<CaseResult> RunAsync(
        ClientCase @case, (ConformanceClient Client, ClientHabits Habits) judged, ConformanceOptions options, int attempt, CancellationToken cancellation)
    {
        await using var run = new ClientRun(judged.Client, @case.Task, judged.Habits, cancellation);
        await using var server = new ServerEnd(run, options, cancellation);
        var (result, _) = await CaseRun.JudgeAsync(@case, server, () => CarryOutAsync(@case, server)).ConfigureAwait(false);
        return result with { Attempt = attempt };
    }

    private static Task CarryOutAsync(ClientCase @case, ServerEnd server) => server.Run.Client.Tasks.Contains(@case.Task)
        ? @case.Body(server)
        : throw Speaker.Skip($"the client cannot be started for {@case.Task switch
        {
            ClientTask.Upload => "an upload",
            ClientTask.Several => "several requests on one connection",
            _ => "a request",
        }}");
}
