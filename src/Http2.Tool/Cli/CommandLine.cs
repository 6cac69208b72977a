using System.CommandLine;
using System.CommandLine.Invocation;

namespace Http2.Tool;

/// <summary>
/// Parses the command line and runs the command. The library prints help and version; errors are printed here as one line each. The exit codes
/// are those of <see cref="ExitCode"/>.
/// </summary>
internal static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    /// <param name="root">The command tree.</param>
    /// <param name="args">The arguments of the process.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction && parsed.Errors.Count > 0)
            return Fail(Describe(parsed) + Hint(parsed), ExitCode.Usage);
        try
        {
            // The commands handle signals themselves, because a server must let running requests end, and the library would only cancel.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UserErrorException error)
        {
            return Fail(error.Message, error.ExitCode);
        }
        catch (IOException error)
        {
            // Commands report errors of files themselves, so this is an error of standard output: the disk is full, or the reader has gone.
            return Fail($"cannot write the output: {error.Message.TrimEnd('.')}; send it elsewhere", ExitCode.Failure);
        }
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine("http2: " + message.ReplaceLineEndings(" "));
        return exitCode;
    }

    private static string Describe(ParseResult parsed) => parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0
        ? $"there is no command '{parsed.UnmatchedTokens[0]}'"
        : parsed.Errors[0].Message.TrimEnd('.');

    private static string Hint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command is RootCommand ? "; see `http2 --help`" : $"; see `http2 {command.Name} --help`";
    }
}
