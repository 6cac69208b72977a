using System.Diagnostics;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The command as a process: standard input, standard output and exit codes.</summary>
public sealed class HpackProcessTests
{
    private const string Raw = """{"context":"request","cases":[{"headers":[{":method":"GET"},{"a":"b"}]},{"headers":[{"a":"b"}]}]}""";

    /// <summary>deflate | inflate --check, as in a shell.</summary>
    [Theory]
    [InlineData]
    [InlineData("--draft08")]
    public void A_pipe_from_deflate_to_inflate_agrees(params string[] options)
    {
        var deflated = Run(Raw, ["hpack", "deflate", .. options]);
        Assert.Equal(0, deflated.Code);
        Assert.StartsWith("Overall: input=14 output=", deflated.Error);
        var inflated = Run(deflated.Output, "hpack", "inflate", "--check");
        Assert.Equal((0, "1 of 1 stories agree: 2 blocks, 3 headers"), (inflated.Code, inflated.Output.TrimEnd()));
    }

    /// <summary>A bad story, a missing file and a wrong command line have their exit codes, and one line each.</summary>
    [Theory]
    [InlineData(1, "standard input: case 0, octet 0: an indexed field has index 0 (RFC 7541 §6.1)", "inflate")]
    [InlineData(1, "http2: absent.json: no such file or folder", "inflate", "absent.json")]
    [InlineData(2, "http2: option --table-size: 'x' is not a size; give a number of octets from 0 to 2147483647", "stat", "-s", "x")]
    public void Failures_have_exit_codes_and_one_line(int code, string line, params string[] arguments)
    {
        var run = Run("""{"cases":[{"wire":"80"}]}""", ["hpack", .. arguments]);
        Assert.Equal(code, run.Code);
        Assert.StartsWith(line, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(string input, params string[] arguments)
    {
        var start = ServeProcess.Tool(arguments);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command that needs no input has ended without reading it.
        }
        Assert.True(process.WaitForExit(60_000), "the command does not end");
        return (process.ExitCode, output.Result, error.Result);
    }
}
