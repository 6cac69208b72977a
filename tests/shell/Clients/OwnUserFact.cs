using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A test of a process that runs as a user of its own: the limit of processes bounds all of a user's together, and root not at all. Needs
/// root, setpriv and prlimit, and that the user may read what was built.
/// </summary>
internal sealed class OwnUserFact : FactAttribute
{
    private static readonly Lazy<string?> Problem = new(Look);

    public OwnUserFact() => Skip = Problem.Value;

    /// <summary>What setpriv is told.</summary>
    public static IReadOnlyList<string> Switch { get; } =
        ["--reuid", (50_000 + Environment.ProcessId % 10_000).ToString(CultureInfo.InvariantCulture), "--clear-groups"];

    private static string? Look()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "only root can start a process as another user, and only such a one is bound by the number of its processes";
        try
        {
            using var process = Process.Start(
                "setpriv", [.. Switch, "--", "test", "-r", Path.Combine(AppContext.BaseDirectory, "http2.dll")]);
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"another user may not read {AppContext.BaseDirectory}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no setpriv here (package util-linux)";
        }
    }
}
