using System.Runtime.InteropServices;

namespace Http2.Tool;

/// <summary>
/// Has the runtime keep the thread that compiles what is called often. By default that thread ends after four seconds without work and is
/// made again with the next code that runs for the first time, and the runtime ends the process when the thread cannot be had then. Only
/// the environment can change that, and only before the runtime starts, so the process executes its program once more.
/// </summary>
internal static partial class ResidentCompiler
{
    private const string Variable = "DOTNET_TC_BackgroundWorkerTimeoutMs";

    // How long the thread stays without work: the largest number of milliseconds that the runtime takes, 24 days, in hexadecimal digits.
    private const string Always = "7fffffff";

    /// <summary>
    /// Executes the program again with the same arguments and with the environment variable that keeps the thread. Returns when the variable is
    /// set already, or when the program cannot be executed again; the thread then ends after four seconds without work, as by default. To be
    /// called before the process opens anything.
    /// </summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessPath is not { } program || Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        try
        {
            var arguments = File.ReadAllBytes("/proc/self/cmdline");
            if (setenv(Variable, Always, overwrite: 1) != 0)
                return;
            DiagnosticFiles.Free();
            Execute(program, arguments);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // In a sandbox the process may not be allowed to read its own arguments.
        }
    }

    // Each argument ends with a zero octet (proc(5)); they are handed on as they are, in whatever encoding.
    private static unsafe void Execute(string program, byte[] arguments)
    {
        fixed (byte* first = arguments)
        {
            var pointers = new List<nint>();
            for (var at = 0; at < arguments.Length; at = Array.IndexOf(arguments, (byte)0, at) + 1)
                pointers.Add((nint)(first + at));
            pointers.Add(0);
            execv(program, pointers.ToArray());
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, nint[] arguments);
}
