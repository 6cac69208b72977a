using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A test of a process that is bound by the number of its user's processes. Root is not bound at all, so under root the process runs as a user
/// of its own, which needs setpriv (package util-linux); without privileges it runs as whoever runs the tests.
/// </summary>
internal sealed class OwnUserFactAttribute : FactAttribute
{
    private const int FirstUser = 50_000;

    private static readonly Lazy<string> Copy = new(CopyTool);

    public OwnUserFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!OperatingSystem.IsLinux())
            Skip = "limits of processes are Linux's";
    }

    /// <summary>What a command begins with so that it runs as that user: nothing without privileges.</summary>
    public static IReadOnlyList<string> Prefix { get; } = Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", (FirstUser + Environment.ProcessId % 10_000).ToString(CultureInfo.InvariantCulture), "--clear-groups", "--"]
        : [];

    /// <summary>The folder with the tool that the user may read; the tests' own may be closed to others.</summary>
    public static string ToolFolder => Environment.IsPrivilegedProcess ? Copy.Value : AppContext.BaseDirectory;

    [UnsupportedOSPlatform("windows")]
    private static void Open(string path, bool isFolder) => File.SetUnixFileMode(
        path,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        | (isFolder ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : UnixFileMode.None));

    private static string CopyTool()
    {
        var folder = Directory.CreateTempSubdirectory("http2-tool-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        if (!OperatingSystem.IsWindows())
            Open(folder, isFolder: true);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            if (Path.GetExtension(file) is not (".dll" or ".json"))
                continue;
            var copy = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copy);
            if (!OperatingSystem.IsWindows())
                Open(copy, isFolder: false);
        }
        return folder;
    }
}
