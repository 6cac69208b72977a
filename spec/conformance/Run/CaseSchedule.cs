using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Http2.Conformance;

/// <summary>Runs cases as often and as many at a time as the options say, and yields the results in the order of the cases.</summary>
/// <param name="options">How to run.</param>
/// <param name="run">Runs a case once; the number is that of the repetition, from 1.</param>
internal sealed class CaseSchedule(ConformanceOptions options, Func<ConformanceCase, int, CancellationToken, Task<CaseResult>> run)
{
    /// <summary>Runs the cases.</summary>
    /// <param name="cases">The cases, in order.</param>
    /// <param name="cancellation">Ends the run; what runs is abandoned.</param>
    public async IAsyncEnumerable<CaseResult> RunAsync(
        ImmutableArray<ConformanceCase> cases, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = Channel.CreateUnbounded<Task<CaseResult>>();
        var producer = ProduceAsync(cases, results.Writer, stop.Token);
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

    private async Task ProduceAsync(
        ImmutableArray<ConformanceCase> cases, ChannelWriter<Task<CaseResult>> results, CancellationToken cancellation)
    {
        var width = Math.Max(1, options.Parallel);
        using var slots = new SemaphoreSlim(width);
        var running = new List<Task>();
        try
        {
            for (var attempt = 1; attempt <= Math.Max(1, options.Repeat); attempt++)
            {
                foreach (var @case in cases)
                {
                    // An abuse case measures the peer's memory and its answers to a probe: nothing else may go on meanwhile.
                    var need = @case.IsAbuse ? width : 1;
                    for (var i = 0; i < need; i++)
                        await slots.WaitAsync(cancellation).ConfigureAwait(false);
                    var task = RunAndReleaseAsync(@case, attempt, slots, need, cancellation);
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

    private async Task<CaseResult> RunAndReleaseAsync(
        ConformanceCase @case, int attempt, SemaphoreSlim slots, int count, CancellationToken cancellation)
    {
        await Task.Yield();
        try
        {
            return await run(@case, attempt, cancellation).ConfigureAwait(false);
        }
        finally
        {
            slots.Release(count);
        }
    }
}
