using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

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
        return
        [
            .. Cases.Where(@case =>
                (options.Strict || !@case.StrictOnly)
                && (options.Selectors.IsEmpty ? !@case.IsAbuse : Selector.MatchesAny(options.Selectors, @case))
                && !Selector.MatchesAny(options.Excludes, @case)),
        ];
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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var context = new RunContext(target, options);
        var results = Channel.CreateUnbounded<Task<CaseResult>>();
        var producer = ProduceAsync(context, cases, results.Writer, stop.Token);
        try
        {
            await foreach (var pending in results.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                var result = await pending.ConfigureAwait(false);
                yield return result;
                if (options.FailFast && result.IsFailure)
                    break;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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

    private static async Task ProduceAsync(
        RunContext context, ImmutableArray<ConformanceCase> cases, ChannelWriter<Task<CaseResult>> results, CancellationToken cancellation)
    {
        var width = Math.Max(1, context.Options.Parallel);
        using var slots = new SemaphoreSlim(width);
        var running = new List<Task>();
        try
        {
            for (var attempt = 1; attempt <= Math.Max(1, context.Options.Repeat); attempt++)
            {
                foreach (var @case in cases)
                {
                    // An abuse case measures the server's memory and its answers to a probe: nothing else may go on meanwhile.
                    var need = @case.IsAbuse ? width : 1;
                    for (var i = 0; i < need; i++)
                        await slots.WaitAsync(cancellation).ConfigureAwait(false);
                    var task = RunAndReleaseAsync(@case, context, attempt, slots, need, cancellation);
                    running.Add(task);
                    results.TryWrite(task);
                }
            }
            await Task.WhenAll(running).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            results.TryComplete();
        }
    }

    private static async Task<CaseResult> RunAndReleaseAsync(
        ConformanceCase @case, RunContext context, int attempt, SemaphoreSlim slots, int count, CancellationToken cancellation)
    {
        await Task.Yield();
        try
        {
            return await RunAsync(@case, context, attempt, cancellation).ConfigureAwait(false);
        }
        finally
        {
            slots.Release(count);
        }
    }

    private static async Task<CaseResult> RunAsync(ConformanceCase @case, RunContext context, int attempt, CancellationToken cancellation)
    {
        var options = context.Options;
        var listed = Selector.MatchesAny(options.ExpectedFailures, @case);
        if (options.Edition != Edition.Both && @case.Edition != Edition.Both && @case.Edition != options.Edition)
        {
            var other = @case.Edition == Edition.Rfc7540 ? "RFC 7540" : "RFC 9113 or a younger RFC";
            return new CaseResult(@case, Verdict.Skipped, default, [], $"only {other} asks for it", []) { Attempt = attempt };
        }
        for (var attempted = 1; ; attempted++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var probe = new Probe(context, cancellation);
            var (verdict, expected, actual, mayPass) = await JudgeAsync(@case, probe, cancellation).ConfigureAwait(false);
            if (mayPass && attempted < MeasuringTries)
                continue;
            var keep = verdict == Verdict.Failed || options.Verbose;
            return new CaseResult(@case, verdict, Stopwatch.GetElapsedTime(started), expected, actual, keep ? probe.Trace.ToLines() : [])
            {
                Attempt = attempt,
                ExpectedToFail = listed,
                Measured = [.. probe.Measured],
            };
        }
    }

    /// <summary>Carries out a case. <c>MayPass</c> says that only a measured value was exceeded, so that another try may pass.</summary>
    private static async Task<(Verdict Verdict, ImmutableArray<string> Expected, string Actual, bool MayPass)> JudgeAsync(
        ConformanceCase @case, Probe probe, CancellationToken cancellation)
    {
        try
        {
            await @case.Body(probe).ConfigureAwait(false);
            return (Verdict.Passed, [], "", false);
        }
        catch (CaseFailedException failed)
        {
            return (Verdict.Failed, failed.Expected, failed.Actual, failed is MeasureExceededException);
        }
        catch (CaseSkippedException skipped)
        {
            return (Verdict.Skipped, [], skipped.Message, false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return (Verdict.Failed, ["the case to come to an end"], $"{exception.GetType().Name}: {exception.Message}", false);
        }
    }
}

/// <summary>The server to judge could not be reached.</summary>
/// <param name="message">Which server, and why not.</param>
public sealed class TargetUnreachableException(string message) : Exception(message);
