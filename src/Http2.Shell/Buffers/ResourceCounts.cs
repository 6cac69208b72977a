namespace Http2.Shell;

/// <summary>
/// Counts what the connections of a server hold beyond the collector's care, so that it can be seen to be given back. Nothing here is
/// touched by a request that is answered at once. Thread-safe.
/// </summary>
/// <param name="pool">Where buffers come from.</param>
internal sealed class ResourceCounts(BufferPool pool)
{
    private int _handlers;
    private int _buffers;
    private int _timers;

    public int Handlers => Volatile.Read(ref _handlers);

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

    public void HandlerBegan() => Interlocked.Increment(ref _handlers);

    public void HandlerEnded() => Interlocked.Decrement(ref _handlers);

    public void TimerMade() => Interlocked.Increment(ref _timers);

    public void TimerGone() => Interlocked.Decrement(ref _timers);
}
