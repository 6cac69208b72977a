using System.Runtime.InteropServices;

namespace Http2.Shell;

/// <summary>A limit of this process as the system has it now (getrlimit(2)): it may be changed from outside at any time. Thread-safe.</summary>
internal static partial class ResourceLimit
{
    /// <summary>The soft limit of the user's processes and threads (<c>RLIMIT_NPROC</c>); null when it cannot be found out.</summary>
    internal static ulong? Processes => Soft(6);

    /// <summary>The soft limit of open descriptors (<c>RLIMIT_NOFILE</c>); null when it cannot be found out.</summary>
    internal static ulong? Descriptors => Soft(7);

    // The numbers are Linux's.
    private static ulong? Soft(int resource) =>
        OperatingSystem.IsLinux() && getrlimit(resource, out var limit) == 0 ? limit.Soft : null;

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
