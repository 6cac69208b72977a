using System.Runtime.InteropServices;

namespace Http2.Bench.Hpack;

/// <summary>
/// The processor time of this thread, collections included as they run on it: what a pass costs, whatever else the machine is doing.
/// </summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Seconds so far, to the nanosecond.</summary>
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
