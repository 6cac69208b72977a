using System.Collections.Concurrent;

namespace Http2.Shell;

/// <summary>The connections that are open, and who waits for the last of them. Thread-safe.</summary>
/// <param name="memory">What each place is counted in.</param>
internal sealed class ConnectionRegistry(MemoryBudget memory)
{
    private readonly ConcurrentDictionary<Http2Connection, bool> _open = new();
    private int _count;
    private TaskCompletionSource? _empty;

    /// <summary>How many places are taken: connections, and those that are still shaking hands.</summary>
    public int Count => Volatile.Read(ref _count);

    public ICollection<Http2Connection> Open => _open.Keys;

    /// <summary>Takes a place, unless <paramref name="limit"/> are taken, or no memory is left for one more.</summary>
    public bool TryReserve(int limit)
    {
        if (memory.TurnsAway)
            return false;
        memory.Add(MemoryBudget.Connection);
        if (Interlocked.Increment(ref _count) <= limit)
            return true;
        Release();
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        memory.Remove(MemoryBudget.Connection);
        if (Interlocked.Decrement(ref _count) == 0)
            Volatile.Read(ref _empty)?.TrySetResult();
    }

    public void Add(Http2Connection connection) => _open.TryAdd(connection, true);

    public void Remove(Http2Connection connection) => _open.TryRemove(connection, out _);

    /// <summary>Completes when no place is taken.</summary>
    public Task WhenEmpty()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        empty = Interlocked.CompareExchange(ref _empty, empty, null) ?? empty;
        if (Count == 0)
            empty.TrySetResult();
        return empty.Task;
    }
}
