namespace Http2.Shell;

/// <summary>Where a thread of the event loops stands.</summary>
internal enum LoopState
{
    /// <summary>It waits for whatever comes, or works on it and is not late.</summary>
    Serving,

    /// <summary>It was serving, has been at one thing for too long, and nobody could take its place yet. It serves again when it comes back.</summary>
    Stuck,

    /// <summary>It is at something that takes long, and nobody counts on it: another serves in its place.</summary>
    Aside,

    /// <summary>It sleeps until a place is to be taken.</summary>
    Parked,

    /// <summary>It has ended, or will as soon as it sees that.</summary>
    Ended,
}

/// <summary>A thread that a <see cref="ThreadBook{T}"/> keeps account of.</summary>
internal abstract class BookedThread
{
    private int _state;

    /// <summary>Written by the book alone, once the thread is in it; read by anybody.</summary>
    internal LoopState State
    {
        get => (LoopState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }
}

/// <summary>
/// Keeps account of the threads of event loops: which serve, which are held up, which can take a place. It starts, wakes and ends nothing
/// itself. What always holds: as many threads as are wanted are serving or stuck, so however many handlers block, and whatever threads the
/// system refuses, each place that nobody fills is filled again by the thread that left it. Not thread-safe.
/// </summary>
/// <typeparam name="T">The thread.</typeparam>
/// <param name="wanted">How many places there are, 1 or more.</param>
/// <param name="limit">The most threads there may be, <paramref name="wanted"/> or more.</param>
/// <param name="spare">How many parked threads are kept, so that a place can be taken when no thread can be made.</param>
internal sealed class ThreadBook<T>(int wanted, int limit, int spare)
    where T : BookedThread
{
    private readonly List<T> _stuck = [];
    private readonly List<T> _parked = [];

    /// <summary>How many threads serve.</summary>
    internal int Serving { get; private set; }

    /// <summary>How many work on something long while others serve.</summary>
    internal int Aside { get; private set; }

    /// <summary>How many places wait for the threads that left them.</summary>
    internal int Stuck => _stuck.Count;

    internal int Parked => _parked.Count;

    /// <summary>How many threads there are in all.</summary>
    internal int Alive => Serving + Aside + Stuck + Parked;

    /// <summary>The most there may be now.</summary>
    internal int Limit { get; private set; } = limit;

    /// <summary>Whether one more thread may be made.</summary>
    internal bool MayMake => Alive < Limit;

    /// <summary>A thread that was made: the first ones serve, then those that are made for a stuck one, the others are parked.</summary>
    internal void Add(T thread)
    {
        if (Serving + Stuck < wanted)
            Serve(thread);
        else if (!Repay(thread))
            ParkNow(thread);
    }

    /// <summary>A thread that serves has been at one thing for too long.</summary>
    /// <returns>The parked thread that serves in its place and must be woken; null when there is none, and the thread is stuck.</returns>
    internal T? Hold(T thread)
    {
        if (thread.State != LoopState.Serving)
            return null;
        Serving--;
        thread.State = LoopState.Stuck;
        _stuck.Add(thread);
        return Relieve();
    }

    /// <summary>Has a parked thread take the place of the one that has been stuck for longest.</summary>
    /// <returns>The thread that must be woken, or null.</returns>
    internal T? Relieve() => _stuck.Count > 0 && TakeParked() is { } thread && Repay(thread) ? thread : null;

    /// <summary>A thread has finished what held it.</summary>
    /// <returns>Whether it serves: its own place, or that of another that is stuck. Else it is aside still.</returns>
    internal bool Return(T thread)
    {
        switch (thread.State)
        {
            case LoopState.Serving:
                return true;
            case LoopState.Stuck:
                _stuck.Remove(thread);
                Serve(thread);
                return true;
            case LoopState.Aside when _stuck.Count > 0:
                Aside--;
                return Repay(thread);
            default:
                return false;
        }
    }

    /// <summary>A thread that is aside has nothing to do: it is parked, or ends when there are more than there may be.</summary>
    internal void Park(T thread)
    {
        Aside--;
        if (Alive >= Limit)
            thread.State = LoopState.Ended;
        else
            ParkNow(thread);
    }

    /// <summary>Calls a parked thread to work on something long.</summary>
    /// <returns>The thread, which is aside now and must be woken; null when none is parked.</returns>
    internal T? Call()
    {
        if (TakeParked() is not { } thread)
            return null;
        thread.State = LoopState.Aside;
        Aside++;
        return thread;
    }

    /// <summary>A parked thread was not called for a long time.</summary>
    /// <returns>Whether it ends; else it stays, for fewer would be left than must be.</returns>
    internal bool TryEnd(T thread)
    {
        if ((Parked <= spare && Alive <= Limit) || !_parked.Remove(thread))
            return false;
        thread.State = LoopState.Ended;
        return true;
    }

    /// <summary>
    /// Changes the limit: to fewer than there are when the system refuses to make another, so that the runtime finds room for a thread of
    /// its own. Threads that are at work stay until they have finished.
    /// </summary>
    /// <returns>The parked threads that have ended by that and must be woken.</returns>
    internal IReadOnlyList<T> LimitTo(int limit)
    {
        Limit = Math.Max(limit, wanted);
        var ended = new List<T>();
        while (Alive > Limit && TakeParked() is { } thread)
        {
            thread.State = LoopState.Ended;
            ended.Add(thread);
        }
        return ended;
    }

    // The thread belongs to no list now.
    private bool Repay(T thread)
    {
        if (_stuck.Count == 0)
            return false;
        var relieved = _stuck[0];
        _stuck.RemoveAt(0);
        relieved.State = LoopState.Aside;
        Aside++;
        Serve(thread);
        return true;
    }

    private void Serve(T thread)
    {
        thread.State = LoopState.Serving;
        Serving++;
    }

    private void ParkNow(T thread)
    {
        thread.State = LoopState.Parked;
        _parked.Add(thread);
    }

    // The one that was parked last: its stack is in the caches, and the others may end.
    private T? TakeParked()
    {
        if (_parked.Count == 0)
            return null;
        var thread = _parked[^1];
        _parked.RemoveAt(_parked.Count - 1);
        return thread;
    }
}
