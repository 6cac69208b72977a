namespace Http2.Shell;

/// <summary>
/// Threads that only hold their places among those that the system gives, until the runtime needs the places. All of them or none. Belongs
/// to one thread.
/// </summary>
/// <param name="start">Starts a thread; answers false when the system gives none.</param>
internal sealed class ThreadReserve(Func<Action, bool> start)
{
    /// <summary>How many places are held: for threads that compile, handle a signal or run what the pool is given, all at once.</summary>
    internal const int Size = 4;

    private ManualResetEvent? _givenUp;

    /// <summary>Whether the places are held.</summary>
    internal bool IsHeld => _givenUp is not null;

    /// <summary>Takes the places, if they can all be had; those that were taken are given back otherwise.</summary>
    /// <returns>Whether the places are held.</returns>
    internal bool TryHold()
    {
        if (IsHeld)
            return true;
        var givenUp = _givenUp = new ManualResetEvent(initialState: false);
        for (var i = 0; i < Size; i++)
        {
            if (start(() => givenUp.WaitOne()))
                continue;
            GiveUp();
            return false;
        }
        return true;
    }

    /// <summary>Leaves the places to whoever needs them.</summary>
    internal void GiveUp()
    {
        _givenUp?.Set();
        _givenUp = null;
    }
}
