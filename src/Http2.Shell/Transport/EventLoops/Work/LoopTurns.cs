namespace Http2.Shell;

/// <summary>A piece of work that waits for a thread: something to run, or else a report.</summary>
/// <param name="Work">What to run, or null.</param>
/// <param name="Report">What to tell its source.</param>
internal readonly record struct LoopTurn(IThreadPoolWorkItem? Work, ReadyReport Report);

/// <summary>
/// Work that is known to take long, in order. What blocks may go on as soon as there is a thread for it; of what computes only so many
/// pieces at a time as there are cores, or all would take longer and threads that serve would wait for a core. Not thread-safe.
/// </summary>
/// <param name="lanes">How many pieces may compute at a time.</param>
internal sealed class LoopTurns(int lanes)
{
    private readonly Queue<LoopTurn> _waits = new();
    private readonly Queue<LoopTurn> _computes = new();
    private int _free = lanes;

    /// <summary>How many pieces could go on now.</summary>
    internal int Ready => _waits.Count + Math.Min(_free, _computes.Count);

    internal void Add(LoopTurn turn, WorkWeight weight) => (weight == WorkWeight.Computes ? _computes : _waits).Enqueue(turn);

    /// <summary>Takes the next piece that may go on.</summary>
    /// <param name="turn">The piece.</param>
    /// <param name="takesLane">Whether it has one of the places for computing, which must be given back.</param>
    internal bool TryTake(out LoopTurn turn, out bool takesLane)
    {
        // those that compute first: they are few at a time, the others might leave them no thread
        takesLane = _free > 0 && _computes.Count > 0;
        if (!takesLane)
            return _waits.TryDequeue(out turn);
        _free--;
        turn = _computes.Dequeue();
        return true;
    }

    /// <summary>A piece that computes has ended, or has turned out to be so long that others may go on beside it.</summary>
    internal void GiveLaneBack() => _free++;
}
