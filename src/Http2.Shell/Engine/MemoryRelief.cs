using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// What is done when the memory budget is spent: the connections that hold most and move least are ended, as few as bring it back to three
/// quarters. Whoever finds the budget spent does it, so it depends on no thread and no timer that a load could keep busy.
/// </summary>
internal sealed class MemoryRelief(MemoryBudget budget, ConnectionRegistry connections, ILogger logger)
{
    // Those that were ended need a moment to give back what they hold.
    private const int Pause = 50;

    // A crowd of attackers must not fill the log as well.
    private const int LinePause = 10_000;

    // Ending connections that hold less brings nothing.
    private const long WorthEnding = 16 * 1024;

    private long _next = long.MinValue;
    private long _nextLine = long.MinValue;
    private long _ended;

    /// <summary>How many connections were ended for want of memory.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>What a connection may hold before it must wait with new streams while memory is short.</summary>
    public long FairShare => budget.IsExceeded ? WorthEnding : Math.Max(64 * 1024, budget.Limit / Math.Max(connections.Count, 1));

    /// <summary>Ends connections if the budget is spent and nobody has done so just now.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void Relieve(long now)
    {
        var next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, long.MaxValue, next) != next)
            return;
        try
        {
            if (budget.IsFull)
                EndSome(now);
        }
        finally
        {
            Volatile.Write(ref _next, now + Pause);
        }
    }

    private void EndSome(long now)
    {
        var candidates = new List<(double Rank, long Held, Http2Connection Connection)>();
        foreach (var connection in connections.Open)
        {
            var (held, moved) = (connection.Memory.Held, connection.Memory.TakeMoved());
            if (held >= WorthEnding)
                candidates.Add((held / (double)(WorthEnding + moved), held, connection));
        }
        candidates.Sort(static (one, other) => other.Rank.CompareTo(one.Rank));
        var (excess, ended) = (budget.Held - budget.Limit / 4 * 3, 0);
        foreach (var (_, held, connection) in candidates)
        {
            if (excess <= 0)
                break;
            excess -= held;
            ended++;
            connection.Stop.ForMemory();
        }
        budget.IsHelpless = excess > 0;
        if (ended > 0)
            Tell(now, Interlocked.Add(ref _ended, ended), candidates[0]);
    }

    private void Tell(long now, long ended, (double Rank, long Held, Http2Connection Connection) first)
    {
        if (now < _nextLine)
            return;
        _nextLine = now + LinePause;
        Log.MemorySpent(logger, budget.Held, budget.Limit, ended, first.Connection.Info.Id, first.Held);
    }
}
