using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A fact that needs an installed program; skipped with the reason when it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClientFactAttribute : FactAttribute
{
    /// <summary>Needs the program of <paramref name="client"/>.</summary>
    public ClientFactAttribute(string client, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Client.SkipReason(client);
}

/// <summary>A theory that needs an installed program; skipped with the reason when it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClientTheoryAttribute : TheoryAttribute
{
    /// <summary>Needs the program of <paramref name="client"/>.</summary>
    public ClientTheoryAttribute(
        string client, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Client.SkipReason(client);
}

/// <summary>The programs that the tests drive, where they are and why they cannot be used.</summary>
internal static class Client
{
    private static readonly ConcurrentDictionary<string, (string? Path, string? Problem)> Known = new();

    /// <summary>Why tests of a client are skipped, or null when it can be used.</summary>
    public static string? SkipReason(string client) => Known.GetOrAdd(client, Look).Problem;

    /// <summary>The path of a client's program.</summary>
    public static string Path(string client) => Known.GetOrAdd(client, Look).Path ?? throw new FileNotFoundException(SkipReason(client));

    private static (string? Path, string? Problem) Look(string client) => client switch
    {
        "curl" => Find(client, ["curl"], curl => Probe(curl, "--version").Contains("HTTP2", StringComparison.Ordinal), "has no HTTP/2"),
        "chromium" => Find(client, ["chromium", "chromium-browser", "google-chrome"], _ => true, ""),
        // Debian's module belongs to Debian's interpreter, whichever comes first on the path.
        "python3-h2" => Find(
            client, ["/usr/bin/python3", "python3"], python => Probe(python, "-c", "import h2; print(1)") == "1\n", "has no module h2"),
        _ => Find(client, [client], _ => true, ""),
    };

    private static (string? Path, string? Problem) Find(string client, string[] names, Func<string, bool> isFit, string unfit)
    {
        string? problem = null;
        foreach (var path in names.SelectMany(Candidates))
        {
            if (isFit(path))
                return (path, null);
            problem ??= $"{client} cannot be used: {path} {unfit}";
        }
        return (null, problem ?? $"{client} is not installed");
    }

    private static IEnumerable<string> Candidates(string name) => name.Contains('/')
        ? new[] { name }.Where(File.Exists)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => System.IO.Path.Combine(directory, name)).Where(File.Exists);

    private static string Probe(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
