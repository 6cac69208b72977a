using System.Diagnostics;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>What event loops take from the system besides descriptors: the time, threads, and sleep. Tests put their own in its place.</summary>
[SupportedOSPlatform("linux")]
internal class LoopSystem
{
    private static readonly long TicksPerMillisecond = Stopwatch.Frequency / 1000;

    /// <summary>The system itself.</summary>
    internal static LoopSystem Real { get; } = new();

    /// <summary>The time in ticks of <see cref="Stopwatch"/>, which only go forward.</summary>
    internal virtual long Ticks => Stopwatch.GetTimestamp();

    /// <summary>The time in milliseconds, by the clock of <see cref="Ticks"/>.</summary>
    internal long Now => ToMilliseconds(Ticks);

    /// <summary>What <see cref="Now"/> is at a time in ticks.</summary>
    internal static long ToMilliseconds(long ticks) => ticks / TicksPerMillisecond;

    /// <summary>Starts a thread that does not keep the process alive.</summary>
    /// <returns>False when the system gives none.</returns>
    internal virtual bool TryStart(Action work, string name)
    {
        try
        {
            new Thread(() => work()) { IsBackground = true, Name = name }.Start();
            return true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    /// <summary>Has the calling thread sleep for so many milliseconds, or less when a signal of the system interrupts it.</summary>
    /// <remarks>A plain call of the kernel, which costs a fraction of waiting for an event.</remarks>
    internal virtual void Sleep(int milliseconds) => Epoll.Sleep(milliseconds);
}
