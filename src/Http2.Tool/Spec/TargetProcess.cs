using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Http2.Tool;

/// <summary>A server that <c>--exec</c> started: it is asked to end with SIGTERM, and killed after five seconds.</summary>
internal sealed class TargetProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private TargetProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>
    /// Starts a command line of the shell. The shell is replaced by the server, so that its process is the one that is measured and
    /// stopped.
    /// </summary>
    public static TargetProcess Start(string command)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", $"exec {command}"]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        try
        {
            var process = Process.Start(start) ?? throw new UserErrorException($"--exec: '{command}' did not start");
            process.StandardInput.Close();

            // The output of the server is not shown, but it must be read, or the server would block when the pipe is full.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            return new TargetProcess(process);
        }
        catch (Win32Exception exception)
        {
            throw new UserErrorException($"--exec: {exception.Message}");
        }
    }

    /// <summary>Asks the server to end, and waits without a limit until it has ended.</summary>
    public async Task StopAsync()
    {
        Ask();
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Ask();
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private void Ask()
    {
        if (!_process.HasExited && (OperatingSystem.IsWindows() || kill(_process.Id, Terminate) != 0))
            _process.Kill(entireProcessTree: true);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
}
