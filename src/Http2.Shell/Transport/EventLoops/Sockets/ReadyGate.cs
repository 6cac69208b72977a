namespace Http2.Shell;

/// <summary>
/// Joins one operation of a connection's owner with the edge-triggered reports of the event loops: an edge between a failed attempt and the
/// wait for the next is never lost, and exactly one side goes on. Holds no lock.
/// </summary>
internal struct ReadyGate
{
    private int _ready;
    private int _waiting;
    private int _ended;

    /// <summary>
    /// Whether an attempt is worth a system call. Takes the edge: an attempt that leaves something behind calls <see cref="Keep"/>.
    /// </summary>
    public bool TryTake() => Volatile.Read(ref _ended) == 1 || Interlocked.Exchange(ref _ready, 0) == 1;

    /// <summary>There is more where that came from.</summary>
    public void Keep() => Volatile.Write(ref _ready, 1);

    /// <summary>Waits for an edge.</summary>
    /// <returns>False when one came meanwhile: try again.</returns>
    public bool Wait()
    {
        Interlocked.Exchange(ref _waiting, 1);
        var missed = Volatile.Read(ref _ready) == 1 || Volatile.Read(ref _ended) == 1;
        return !missed || Interlocked.Exchange(ref _waiting, 0) == 0;
    }

    /// <summary>An edge came.</summary>
    /// <param name="ended">Whether it is the last: the peer hung up, or the descriptor is closed; attempts fail or end from now on.</param>
    /// <returns>Whether somebody waited, whose operation the caller now owns.</returns>
    public bool Signal(bool ended)
    {
        if (ended)
            Volatile.Write(ref _ended, 1);
        Interlocked.Exchange(ref _ready, 1);
        return Interlocked.Exchange(ref _waiting, 0) == 1;
    }
}
