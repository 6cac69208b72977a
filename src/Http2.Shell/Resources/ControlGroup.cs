using System.Globalization;

namespace Http2.Shell;

/// <summary>What the control groups of the process bound (cgroups(7)), both versions.</summary>
internal static class ControlGroup
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>The least <c>pids.max</c> of the group and those above it; <see cref="Http2ProcessLimits.Unbounded"/> without one.</summary>
    internal static long MostThreads() => Least(static group => ReadNumber($"{group}/pids.max"));

    /// <summary>
    /// How many threads more the group and those above it allow now, negative when a limit was lowered below what is in use;
    /// <see cref="Http2ProcessLimits.Unbounded"/> without a limit.
    /// </summary>
    internal static long ThreadsLeft() => Least(static group => ReadNumber($"{group}/pids.max") is var limit and not Http2ProcessLimits.Unbounded
        && ReadNumber($"{group}/pids.current") is var current and not Http2ProcessLimits.Unbounded
            ? limit - current
            : Http2ProcessLimits.Unbounded);

    private static long Least(Func<string, long> ofGroup)
    {
        try
        {
            return File.ReadLines("/proc/self/cgroup").Select(line => Least(line, ofGroup)).DefaultIfEmpty(Http2ProcessLimits.Unbounded).Min();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or a sandbox that hides it.
            return Http2ProcessLimits.Unbounded;
        }
    }

    // "0::/a/b" for version 2, "8:pids:/a/b" for version 1. A container often sees its own group at the root of the mount, whatever the path.
    private static long Least(string line, Func<string, long> ofGroup)
    {
        var parts = line.Split(':', 3);
        if (parts.Length < 3 || (parts[1].Length > 0 && !parts[1].Split(',').Contains("pids")))
            return Http2ProcessLimits.Unbounded;
        var root = parts[1].Length == 0 ? Mount : $"{Mount}/pids";
        var least = Http2ProcessLimits.Unbounded;
        for (var path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
        {
            least = Math.Min(least, ofGroup($"{root}{path}"));
            if (path.Length == 0 || path[0] != '/')
                return least;
        }
    }

    private static long ReadNumber(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var limit)
                ? limit
                : Http2ProcessLimits.Unbounded;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Http2ProcessLimits.Unbounded;
        }
    }
}
