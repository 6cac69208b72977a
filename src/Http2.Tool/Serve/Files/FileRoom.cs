using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// How many files may be open at a time, so that connections find descriptors too. Thread-safe.
/// </summary>
internal sealed class FileRoom(int most)
{
    // Files take at most half of the descriptors that the process may open, because responses to slow clients keep their files open for long,
    // and connections must still be accepted meanwhile.
    private const int ShareOfProcess = 2, Least = 16;

    private int _open;

    /// <summary>How many are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The room that a process of such limits has.</summary>
    public static FileRoom Within(Http2ProcessLimits limits) =>
        new((int)Math.Clamp(limits.Descriptors / ShareOfProcess, Least, int.MaxValue));

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _open) <= most)
            return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Give() => Interlocked.Decrement(ref _open);
}
