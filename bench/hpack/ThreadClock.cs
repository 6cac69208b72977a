using System.Runtime.InteropServices;

namespace Http2.Bench.Hpack;

/// <summary>
/// The processor time that this thread has used. Garbage collections run on the thread and are included; other work of the machine is not.
/// </summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>The processor time so far in seconds, to the nanosecond.</summary>
    public static double Seconds
    {
        get
        {
            var time = stackalloc long[2];
            _ = GetTime(ThreadCpuTime, time);
            return time[0] + time[1] * 1e-9;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
