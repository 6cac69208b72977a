using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// The last descriptors of the process, which are the runtime's: it makes threads of its own when it likes, for compiling above all, and
/// each opens three descriptors for a moment when it begins; when it cannot, the runtime ends the process. So connections may not have the last
/// ones. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LastDescriptors
{
    /// <summary>How many are left to the runtime: four threads may begin at once.</summary>
    internal const int Kept = 12;

    /// <summary>
    /// Whether a descriptor that was just opened is among the last: the system gives the lowest number that is free, so that all below it
    /// are in use. The limit is asked for each time, as it may be changed from outside.
    /// </summary>
    internal static bool Include(int descriptor) => ResourceLimit.Descriptors is { } limit && IsAmongLast(descriptor, limit);

    /// <summary>Whether a number is among the last of those that a limit allows.</summary>
    internal static bool IsAmongLast(int descriptor, ulong limit) => (ulong)descriptor + Kept >= limit;
}
