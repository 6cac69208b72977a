using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A fact that needs Python with the package hpack (Debian's python3-hpack); skipped with the reason when it is absent.</summary>
public sealed class PythonHpackFactAttribute : FactAttribute
{
    /// <summary>Skips when no interpreter has the package.</summary>
    public PythonHpackFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        Skip = Interpreter is null ? "no Python interpreter with the package hpack (Debian's python3-hpack)"
            : TestSupport.Vectors.SkipReason("hpack-test-case/raw-data");

    // Debian's package belongs to Debian's interpreter, which need not be the first in the path.
    internal static string? Interpreter { get; } = new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasHpack);

    private static bool HasHpack(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import hpack"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            return process.WaitForExit(30_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
