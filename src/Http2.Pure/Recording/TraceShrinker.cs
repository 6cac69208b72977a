using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>Cuts a failing trace down to a short one that still fails. Pure as long as the predicate is; thread-safe.</summary>
public static class TraceShrinker
{
    /// <summary>
    /// Leaves out as many items as possible: first halves, then ever smaller runs, until no single item can go (delta debugging), and lets
    /// <paramref name="simpler"/> replace single items. The result fails, and is minimal in the sense that leaving out any one item, or
    /// taking any one simpler item, makes it pass.
    /// </summary>
    /// <param name="trace">A trace that fails.</param>
    /// <param name="fails">Whether a trace fails in the way of interest.</param>
    /// <param name="simpler">Simpler items to try in the place of one, the simplest first; null when items are taken as they are.</param>
    /// <returns><paramref name="trace"/> itself when it does not fail; else a minimal one.</returns>
    public static ImmutableArray<T> Shrink<T>(
        ImmutableArray<T> trace, Func<ImmutableArray<T>, bool> fails, Func<T, IEnumerable<T>>? simpler = null)
    {
        ArgumentNullException.ThrowIfNull(fails);
        if (!fails(trace))
            return trace;
        while (true)
        {
            var next = Simplify(LeaveOut(trace, fails), fails, simpler);
            // A simpler item may make another one needless. Traces only get shorter and items only simpler, so the loop ends.
            if (next.Length == trace.Length && next.SequenceEqual(trace))
                return next;
            trace = next;
        }
    }

    private static ImmutableArray<T> LeaveOut<T>(ImmutableArray<T> trace, Func<ImmutableArray<T>, bool> fails)
    {
        for (var run = Math.Max(trace.Length / 2, 1); run >= 1; run /= 2)
        {
            // From the end, because items that come late seldom matter to those that come early.
            for (var end = trace.Length; end > 0; end -= run)
            {
                var start = Math.Max(end - run, 0);
                var without = trace.RemoveRange(start, end - start);
                if (fails(without))
                    trace = without;
            }
        }
        return trace;
    }

    private static ImmutableArray<T> Simplify<T>(
        ImmutableArray<T> trace, Func<ImmutableArray<T>, bool> fails, Func<T, IEnumerable<T>>? simpler)
    {
        if (simpler is null)
            return trace;
        for (var i = 0; i < trace.Length; i++)
        {
            foreach (var item in simpler(trace[i]))
            {
                var with = trace.SetItem(i, item);
                if (!fails(with))
                    continue;
                trace = with;
                break;
            }
        }
        return trace;
    }
}
