using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Conformance;

/// <summary>Runs the command line of a client to its end, or kills it.</summary>
internal static class ClientProcess
{
    /// <summary>How long the output of a process may come after its end; longer means that a child of it keeps it open.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <param name="line">The command line, for the shell.</param>
    /// <param name="call">The body and the certificate, which are put into files where the line names them.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<ClientEnding> RunAsync(string line, ClientCall call, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("http2-client-");
        try
        {
            return await RunAsync(await WithFilesAsync(line, call, folder.FullName, cancellation).ConfigureAwait(false), call.Started, cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> WithFilesAsync(string line, ClientCall call, string folder, CancellationToken cancellation)
    {
        if (line.Contains("{file}", StringComparison.Ordinal))
        {
            var file = Path.Combine(folder, "body");
            await File.WriteAllBytesAsync(file, call.Upload, cancellation).ConfigureAwait(false);
            line = line.Replace("{file}", ClientCommands.Quoted(file), StringComparison.Ordinal);
        }
        if (line.Contains("{ca}", StringComparison.Ordinal) && call.Certificate is { } certificate)
        {
            var file = Path.Combine(folder, "ca.pem");
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), cancellation).ConfigureAwait(false);
            line = line.Replace("{ca}", ClientCommands.Quoted(file), StringComparison.Ordinal);
        }
        return line;
    }

    private static async Task<ClientEnding> RunAsync(string line, Action<int> started, CancellationToken cancellation)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", ["/c", line]) : new ProcessStartInfo("/bin/sh", ["-c", $"exec {line}"]);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Begin(start);
        started(process.Id);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(OutputGrace, cancellation)).ConfigureAwait(false);
            return new ClientEnding(process.ExitCode, Text(output), Text(errors));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new TargetUnreachableException("the client did not start");
        }
        catch (Win32Exception exception)
        {
            throw new TargetUnreachableException($"the client did not start: {exception.Message}");
        }
    }

    private static string Text(Task<string> text) => text.IsCompletedSuccessfully ? text.Result : "";
}
