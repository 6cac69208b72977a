using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Http2.Conformance;

/// <summary>Judges HTTP/2 servers. Thread-safe: any number of runs may go on at once.</summary>
public static class ConformanceSuite
{
    /// <summary>How often an abuse case is tried whose only fault is a measured value: it fails when every try is above the bar.</summary>
    private const int MeasuringTries = 3;

    /// <summary>All cases, in the order in which they run.</summary>
    public static ImmutableArray<ConformanceCase> Cases => CaseCatalog.All;

    /// <summary>The cases that a run with <paramref name="options"/> consists of.</summary>
    /// <param name="options">Selectors, exclusions and strictness are looked at.</param>
    public static ImmutableArray<ConformanceCase> Select(ConformanceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Selector.Select(Cases, options);
    }

    /// <summary>
    /// Runs the selected cases, each on connections of its own, and yields the results in the order of the cases.
    /// </summary>
    /// <param name="target">The server.</param>
    /// <param name="options">How to run.</param>
    /// <param name="cancellation">Ends the run; what runs is abandoned.</param>
    /// <exception cref="TargetUnreachableException">No connection to the server could be made at the start.</exception>
    public static async IAsyncEnumerable<CaseResult> RunAsync(
        ConformanceTarget target, ConformanceOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var cases = Select(options);
        if (cases.IsEmpty)
            yield break;
        await EnsureReachableAsync(target, options.Timeout, cancellation).ConfigureAwait(false);
        var context = new RunContext(target, options);
        var schedule = new CaseSchedule(options, (@case, attempt, token) => RunAsync(@case, context, attempt, token));
        await foreach (var result in schedule.RunAsync(cases, cancellation).ConfigureAwait(false))
            yield return result;
    }

    /// <summary>Runs one case once.</summary>
    /// <param name="case">The case.</param>
    /// <param name="target">The server.</param>
    /// <param name="options">How to run; selectors are not looked at.</param>
    /// <param name="cancellation">Abandons the case.</param>
    public static Task<CaseResult> RunCaseAsync(
        ConformanceCase @case, ConformanceTarget target, ConformanceOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(@case);
        return RunAsync(@case, new RunContext(target, options), 1, cancellation);
    }

    /// <summary>Makes one connection and gives it up again.</summary>
    /// <param name="target">The server.</param>
    /// <param name="timeout">How long to try.</param>
    /// <param name="cancellation">Gives up earlier.</param>
    /// <exception cref="TargetUnreachableException">There is no server, or no TLS with it.</exception>
    public static async Task EnsureReachableAsync(ConformanceTarget target, TimeSpan timeout, CancellationToken cancellation = default)
    {
        try
        {
            await using var connection = await RawConnection.ConnectAsync(target, timeout, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TargetUnreachableException($"{target}: no connection within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (exception is SocketException or IOException
            or System.Security.Authentication.AuthenticationException)
        {
            throw new TargetUnreachableException($"{target}: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    private static async Task<CaseResult> RunAsync(ConformanceCase @case, RunContext context, int attempt, CancellationToken cancellation)
    {
        for (var attempted = 1; ; attempted++)
        {
            await using var probe = new Probe(context, cancellation);
            var (result, mayPass) = await CaseRun.JudgeAsync(@case, probe, () => ((ServerCase)@case).Body(probe)).ConfigureAwait(false);
            if (!mayPass || attempted == MeasuringTries)
                return result with { Attempt = attempt };
        }
    }
}
