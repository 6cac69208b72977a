using System.Diagnostics;
using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a process that ran to its end left behind.</summary>
internal sealed record ProcessRun(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Everything that was printed, for the message of a failed test.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Text}\n{Error}";

    /// <summary>The program printed nothing but one line of error, which says so, and ended with this exit code.</summary>
    public void AssertOneLine(int exitCode, string says)
    {
        Assert.True(ExitCode == exitCode, ToString());
        Assert.Equal("", Text);
        Assert.StartsWith("http2: ", Error, StringComparison.Ordinal);
        Assert.Contains(says, Error, StringComparison.Ordinal);
        Assert.Equal(Error.Length - 1, Error.IndexOf('\n'));
    }

    /// <summary>Runs a program to its end; killed, and a failure, when that takes longer than <paramref name="seconds"/>.</summary>
    public static Task<ProcessRun> RunAsync(string file, IEnumerable<string> arguments, int seconds = 60, byte[]? input = null) =>
        RunAsync(new ProcessStartInfo(file, arguments), seconds, input);

    /// <summary>The same from a start description, for one with an environment of its own.</summary>
    public static async Task<ProcessRun> RunAsync(ProcessStartInfo start, int seconds = 60, byte[]? input = null)
    {
        var output = new MemoryStream();
        var (exitCode, error) = await RunAsync(start, stream => stream.CopyToAsync(output), seconds, input);
        return new ProcessRun(exitCode, output.ToArray(), error);
    }

    /// <summary>Runs a program and hands its output to <paramref name="take"/> as it comes.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(
        ProcessStartInfo start, Func<Stream, Task> take, int seconds = 60, byte[]? input = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = take(process.StandardOutput.BaseStream);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input ?? [], deadline.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended without reading its input; its exit code tells the rest.
            }
            await process.WaitForExitAsync(deadline.Token);
            await output.WaitAsync(deadline.Token);
            return (process.ExitCode, await error);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} took longer than {seconds} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
