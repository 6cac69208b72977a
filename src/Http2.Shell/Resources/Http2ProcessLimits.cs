using System.Globalization;

namespace Http2.Shell;

/// <summary>
/// What this process may use, as the machine says it: found once, when it is asked for the first time. What a server does when one of these
/// is near stands in docs/limits.md. Immutable.
/// </summary>
/// <param name="Descriptors">Open descriptors (<c>RLIMIT_NOFILE</c>); <see cref="Unbounded"/> where nothing bounds them.</param>
/// <param name="Threads">
/// Threads: of the user's (<c>RLIMIT_NPROC</c>) or of the control group's (<c>pids.max</c>), the least; <see cref="Unbounded"/> where nothing
/// bounds them.
/// </param>
/// <param name="Memory">
/// Octets of memory: the least of the machine's, the control group's, and the collector's own limit (<c>GCHeapHardLimit</c>).
/// </param>
public sealed record Http2ProcessLimits(long Descriptors, long Threads, long Memory)
{
    /// <summary>The value of a limit that nobody has set.</summary>
    public const long Unbounded = long.MaxValue;

    // Descriptors of the runtime, which keeps two for each assembly, and of a server that serves nobody yet; and those that are left to files
    // and handlers: a share, within bounds.
    private const int OwnDescriptors = 128;
    private const int LeastConnections = 8;
    private const int LeftShare = 8;
    private const int LeastLeft = 32;
    private const int MostLeft = 1024;

    // Threads of the runtime, and of the pool as far as it must go.
    private const int OtherThreads = 40;

    // What handlers need, what the collector has not found yet and what pools keep must fit beside what connections hold.
    private const int MemoryShare = 4;
    private const long LeastMemory = 4 * 1024 * 1024;

    /// <summary>The most threads that event loops ever have.</summary>
    internal const int MostLoopThreads = 1024;

    private const string LimitsFile = "/proc/self/limits";

    /// <summary>The limits of this process when they were first asked for.</summary>
    public static Http2ProcessLimits Current { get; } = Read();

    /// <summary>
    /// How many connections there are descriptors for, 8 or more: some are kept for files and for what handlers open. Servers take no more at
    /// a time, whatever <see cref="Http2ServerOptions.MaxConnections"/> says.
    /// </summary>
    public long Connections => Descriptors == Unbounded
        ? Unbounded
        : Math.Max(Descriptors - OwnDescriptors - Math.Clamp(Descriptors / LeftShare, LeastLeft, MostLeft), LeastConnections);

    /// <summary>How many threads event loops may have, 2 or more: 1,024, or fewer where the process may have fewer.</summary>
    public int LoopThreads => (int)Math.Clamp(Threads - OtherThreads, 2, MostLoopThreads);

    /// <summary>
    /// How many octets the connections of a server may hold in memory together unless <see cref="Http2ServerOptions.MaxMemory"/> says: a
    /// quarter of <see cref="Memory"/>, 4 MiB or more.
    /// </summary>
    public long ConnectionMemory => Math.Max(Memory / MemoryShare, LeastMemory);

    /// <summary>The limits of this process now.</summary>
    public static Http2ProcessLimits Read()
    {
        var lines = ReadLimits();
        return new(
            Soft(lines, "Max open files"), Math.Min(Soft(lines, "Max processes"), ControlGroup.MostThreads()),
            GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes);
    }

    /// <summary>The limits in one line, as a log says them.</summary>
    public override string ToString() =>
        $"{Text(Descriptors)} descriptors ({Text(Connections)} connections), {Text(Threads)} threads ({Text(LoopThreads)} of event loops), "
        + $"{Text(Memory / (1024 * 1024))} MiB of memory";

    private static string[] ReadLimits()
    {
        try
        {
            return File.ReadAllLines(LimitsFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or a sandbox that hides it: nothing is known of these limits.
            return [];
        }
    }

    // "Max open files            1024                 4096                 files": the name, then the soft and the hard limit.
    private static long Soft(string[] lines, string name)
    {
        var line = Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : Unbounded;
    }

    private static string Text(long limit) => limit == Unbounded ? "any number of" : limit.ToString("N0", CultureInfo.InvariantCulture);
}
