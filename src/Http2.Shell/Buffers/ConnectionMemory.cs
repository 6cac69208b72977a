namespace Http2.Shell;

/// <summary>
/// What one connection holds in memory, counted in the server's budget too: buffers, output that waits for the client, streams that are not
/// done, octets that no handler has read. The connection's owner changes it; any thread may read.
/// </summary>
internal sealed class ConnectionMemory(MemoryBudget budget, ResourceCounts resources)
{
    private long _held;
    private long _settled;
    private long _moved;
    private long _movedBefore;

    /// <summary>How many octets the connection holds, itself apart.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Whether half of what all connections may hold together is held: large buffers are done without.</summary>
    public bool IsBudgetNear => budget.IsNear;

    /// <summary>A pooled buffer of at least <paramref name="size"/> octets.</summary>
    public byte[] Rent(int size)
    {
        var buffer = resources.Rent(size);
        Hold(buffer.Length);
        return buffer;
    }

    /// <summary>Gives a buffer back, once.</summary>
    public void Return(byte[] buffer)
    {
        Release(buffer.Length);
        resources.Return(buffer);
    }

    /// <summary>Leaves a buffer that somebody may still read in to the collector.</summary>
    public void Forget(byte[] buffer)
    {
        Release(buffer.Length);
        resources.Forget();
    }

    /// <summary>The connection holds so many octets more.</summary>
    public void Hold(long octets)
    {
        Volatile.Write(ref _held, _held + octets);
        budget.Add(octets);
    }

    /// <summary>The connection holds so many octets less.</summary>
    public void Release(long octets)
    {
        Volatile.Write(ref _held, _held - octets);
        budget.Remove(octets);
    }

    /// <summary>Counts what is not counted piece by piece but summed up from time to time: the new sum takes the place of the sum before.</summary>
    public void Settle(long octets)
    {
        var change = octets - _settled;
        _settled = octets;
        if (change > 0)
            Hold(change);
        else if (change < 0)
            Release(-change);
    }

    /// <summary>Octets of bodies went on their way, in either direction.</summary>
    public void Move(int octets) => Volatile.Write(ref _moved, _moved + octets);

    /// <summary>How many octets moved since this was asked before. One thread at a time.</summary>
    public long TakeMoved()
    {
        var moved = Volatile.Read(ref _moved);
        var since = moved - _movedBefore;
        _movedBefore = moved;
        return since;
    }
}
