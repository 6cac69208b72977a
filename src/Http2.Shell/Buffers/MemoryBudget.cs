namespace Http2.Shell;

/// <summary>
/// What all connections of a server hold in memory together, and how much that may be: limits for single connections do not bound the sum. Only
/// what is held while a connection rests is counted, so a request that is answered at once changes nothing here. Thread-safe.
/// </summary>
/// <param name="limit">How many octets connections may hold.</param>
internal sealed class MemoryBudget(long limit)
{
    /// <summary>What an idle connection is reckoned to hold: its objects, its compression tables, its smallest buffer.</summary>
    public const int Connection = 8 * 1024;

    /// <summary>What TLS adds to that: the state and the buffers of the library beneath.</summary>
    public const int Tls = 24 * 1024;

    /// <summary>What a stream is reckoned to hold while its answer is not complete, its fields and buffers apart.</summary>
    public const int Stream = 4 * 1024;

    /// <summary>
    /// Octets that the application has lent for an answer count for little, and for no more than this: they are its own, and most often many
    /// answers share them.
    /// </summary>
    public const int MostLent = 8 * 1024;

    private const int LentPart = 16;

    private long _held;
    private long _peak;

    /// <summary>How many octets connections may hold.</summary>
    public long Limit { get; } = limit;

    /// <summary>How many they hold.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>The most they held since <see cref="ForgetPeak"/>.</summary>
    public long Peak => Volatile.Read(ref _peak);

    /// <summary>Half of it is held: nothing is kept ready ahead of need any more.</summary>
    public bool IsNear => Held >= Limit / 2;

    /// <summary>Three quarters are held: connections that hold more than their share get no new streams.</summary>
    public bool IsShort => Held >= Limit / 4 * 3;

    /// <summary>All of it is held: connections that hold most and move least are ended.</summary>
    public bool IsFull => Held >= Limit;

    /// <summary>Five quarters are held: more comes than is given back, or many connections hold a little each.</summary>
    public bool IsExceeded => Held >= Limit / 4 * 5;

    /// <summary>Whether ending the connections that hold most would not bring the budget back, since so many hold a little each.</summary>
    public bool IsHelpless { get; set; }

    /// <summary>
    /// Whether nobody gets a new stream or a new connection: there is nobody else to take memory from, or six quarters of the budget are held.
    /// While connections that hold much are being ended, those that hold little are served on.
    /// </summary>
    public bool TurnsAway => IsExceeded && (IsHelpless || Held >= Limit / 4 * 6);

    /// <summary>Is called each time that less is held; must be cheap.</summary>
    public Action? OnLess { get; set; }

    /// <summary>The budget by what the process may use.</summary>
    /// <param name="option">What the server's options say, or null.</param>
    public static MemoryBudget Of(long? option) => new(option ?? Http2ProcessLimits.Current.ConnectionMemory);

    /// <summary>How many octets are counted for so many octets that the application has lent.</summary>
    public static int Lent(int octets) => Math.Min(octets / LentPart, MostLent);

    /// <summary>A connection holds so many octets more.</summary>
    public void Add(long octets)
    {
        var held = Interlocked.Add(ref _held, octets);
        // two threads may both write: the lower of two peaks of the same moment does as well
        if (held > Peak)
            Volatile.Write(ref _peak, held);
    }

    /// <summary>A connection holds so many octets less.</summary>
    public void Remove(long octets)
    {
        Interlocked.Add(ref _held, -octets);
        OnLess?.Invoke();
    }

    /// <summary>From here on <see cref="Peak"/> is the most that is held after this call.</summary>
    public void ForgetPeak() => Volatile.Write(ref _peak, Held);
}
