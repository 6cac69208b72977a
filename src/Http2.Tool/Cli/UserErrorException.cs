namespace Http2.Tool;

/// <summary>
/// An error that the user can correct: one line that names the input, says what is wrong with it and what to do. It ends the command
/// without a stack trace.
/// </summary>
internal sealed class UserErrorException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line is wrong.</summary>
    public static UserErrorException Usage(string message) => new(message, Tool.ExitCode.Usage);
}
