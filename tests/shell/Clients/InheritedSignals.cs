using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Http2.Shell.Tests;

/// <summary>
/// What a child is to do at SIGINT. A shell has jobs in the background ignore it, and whoever was started so hands that on to every child,
/// so a test that is started from a script with <c>&amp;</c> would start servers that cannot be interrupted.
/// </summary>
internal static class InheritedSignals
{
    private const int Interrupt = 2;
    private const nint Default = 0, Ignore = 1;

    private static readonly Lock Gate = new();

    /// <summary>Starts a process that is interrupted by SIGINT, however we were started.</summary>
    public static void Start(Process process)
    {
        lock (Gate)
        {
            var isIgnored = IsInterruptIgnored();
            if (isIgnored)
                signal(Interrupt, Default);
            try
            {
                process.Start();
            }
            finally
            {
                if (isIgnored)
                    signal(Interrupt, Ignore);
            }
        }
    }

    private static bool IsInterruptIgnored()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1 << (Interrupt - 1)) != 0;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint signal(int number, nint disposition);
}
