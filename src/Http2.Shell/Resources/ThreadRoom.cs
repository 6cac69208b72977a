using System.Buffers.Text;
using System.Globalization;

namespace Http2.Shell;

/// <summary>
/// How many threads more the system would give this process, as of now: <c>RLIMIT_NPROC</c>, which bounds the threads of all processes of the
/// user together, and <c>pids.max</c> of the control groups. Thread-safe.
/// </summary>
internal static class ThreadRoom
{
    private const string Processes = "/proc";

    // What comes before the number of threads in a status file (proc(5)), unless its user is in hundreds of groups.
    private const int StatusLength = 4096;

    /// <summary>
    /// How many threads are left: <see cref="Http2ProcessLimits.Unbounded"/> where nothing bounds them, negative when there are more than a
    /// lowered limit allows, null when it cannot be found out now. Processes that are hidden from this one are not counted, so it may be
    /// fewer. Takes some microseconds for each process of the machine.
    /// </summary>
    internal static long? Left()
    {
        try
        {
            var ofGroups = ControlGroup.ThreadsLeft();
            var limit = OfUser();
            return limit == Http2ProcessLimits.Unbounded ? ofGroups : Math.Min(limit - CountOfUser(Processes), ofGroups);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            // No descriptor is left to ask with, or a sandbox hides it.
            return null;
        }
    }

    /// <summary>How many threads the user may have, as set now; <see cref="Http2ProcessLimits.Unbounded"/> for a privileged one.</summary>
    internal static long OfUser() =>
        !Environment.IsPrivilegedProcess && ResourceLimit.Processes is { } limit && limit < long.MaxValue
            ? (long)limit
            : Http2ProcessLimits.Unbounded;

    /// <summary>Counts the threads of all processes whose real user is that of this process.</summary>
    /// <param name="processes">The directory of the processes, such as <c>/proc</c>.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is not what proc(5) describes.</exception>
    internal static long CountOfUser(string processes)
    {
        Span<byte> status = stackalloc byte[StatusLength];
        var user = Number(ReadStatus($"{processes}/self", status), "\nUid:\t"u8);
        var count = 0L;
        foreach (var process in Directory.EnumerateDirectories(processes))
        {
            if (!char.IsAsciiDigit(process[processes.Length + 1]))
                continue;
            try
            {
                var text = ReadStatus(process, status);
                if (Number(text, "\nUid:\t"u8) == user)
                    count += Number(text, "\nThreads:\t"u8);
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or FormatException)
            {
                // It has ended meanwhile.
            }
        }
        return count;
    }

    private static ReadOnlySpan<byte> ReadStatus(string process, Span<byte> text)
    {
        using var file = File.OpenHandle($"{process}/status");
        return text[..RandomAccess.Read(file, text, 0)];
    }

    private static int Number(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        var at = status.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(status[(at + name.Length)..], out int number, out _)
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"A status of {status.Length} octets lacks a number."));
    }
}
