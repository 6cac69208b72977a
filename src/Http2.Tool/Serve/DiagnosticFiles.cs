namespace Http2.Tool;

/// <summary>
/// The socket and the pipes by which dotnet-trace, dotnet-counters, dotnet-gcdump and debuggers reach a process. The runtime makes them when it
/// starts, with names made of the process's number and the time when the process began, and removes them when it ends. A process that executes
/// another program keeps its number and time, so the runtime of that program finds the names taken, and none of these tools can reach it.
/// </summary>
internal static class DiagnosticFiles
{
    private const int StartTime = 22;

    /// <summary>Removes these files of a process that is about to execute another program. Does nothing where they cannot be found.</summary>
    public static void Free()
    {
        var process = $"{Environment.ProcessId}-{StartedAt()}";
        string[] names = [$"dotnet-diagnostic-{process}-socket", $"clr-debug-pipe-{process}-in", $"clr-debug-pipe-{process}-out"];
        foreach (var name in names)
            File.Delete(Path.Combine(Path.GetTempPath(), name));
    }

    // The second field of proc_pid_stat(5) is the name of the program in brackets, in which there may be blanks and brackets.
    private static string StartedAt()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTime - 3];
    }
}
