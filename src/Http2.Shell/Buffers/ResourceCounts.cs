namespace Http2.Shell;

/// <summary>
/// Counts what the connections of one end hold beyond the collector's care, so that it can be seen to be given back. A request that is
/// answered at once touches none of the counts. Thread-safe.
/// </summary>
/// <param name="pool">Where buffers come from.</param>
internal sealed class ResourceCounts(BufferPool pool)
{
    private int _userWork;
    private int _buffers;
    private int _timers;

    /// <summary>Pieces of user code that go on outside of the connections that began them.</summary>
    public int UserWork => Volatile.Read(ref _userWork);

    public int Buffers => Volatile.Read(ref _buffers);

    public int Timers => Volatile.Read(ref _timers);

    /// <summary>A pooled buffer of at least <paramref name="size"/> octets.</summary>
    public byte[] Rent(int size)
    {
        Interlocked.Increment(ref _buffers);
        return pool.Rent(size);
    }

    /// <summary>Gives a buffer back, once.</summary>
    public void Return(byte[] buffer)
    {
        pool.Return(buffer);
        Interlocked.Decrement(ref _buffers);
    }

    /// <summary>A buffer that somebody may still read in is left to the collector.</summary>
    public void Forget() => Interlocked.Decrement(ref _buffers);

    public void UserWorkBegan() => Interlocked.Increment(ref _userWork);

    public void UserWorkEnded() => Interlocked.Decrement(ref _userWork);

    public void TimerMade() => Interlocked.Increment(ref _timers);

    public void TimerGone() => Interlocked.Decrement(ref _timers);
}
