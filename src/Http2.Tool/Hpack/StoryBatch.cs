using Spectre.Console;

namespace Http2.Tool;

/// <summary>Runs stories one after the other: a bad one is named and does not stop the others; progress shows on terminals.</summary>
internal sealed class StoryBatch(HpackIo io, IReadOnlyList<StorySource> sources)
{
    // Fewer files than this are done before a progress bar could be read.
    private const int WorthABar = 8;

    /// <summary>Runs each story.</summary>
    /// <param name="run">What to do with one; faults are thrown.</param>
    /// <param name="quiet">Whether nothing is written to <see cref="HpackIo.Out"/> meanwhile, which a bar would break.</param>
    /// <returns><see cref="ExitCode.Ok"/> when every story was sound.</returns>
    public int Run(Action<StorySource> run, bool quiet)
    {
        if (!io.ErrorIsTerminal || sources.Count < WorthABar || !(quiet || !io.OutIsTerminal))
            return RunAll(run, io.Error.WriteLine, () => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(io.Error) });
        return console.Progress().AutoClear(true).HideCompleted(true).Start(progress =>
        {
            var bar = progress.AddTask("stories", maxValue: sources.Count);
            return RunAll(run, console.WriteLine, () => bar.Increment(1));
        });
    }

    private int RunAll(Action<StorySource> run, Action<string> report, Action advance)
    {
        var exitCode = ExitCode.Ok;
        foreach (var source in sources)
        {
            try
            {
                run(source);
            }
            catch (Exception error) when (error is StoryFaultException or IOException or UnauthorizedAccessException)
            {
                report($"{source.Name}: {error.Message}");
                exitCode = ExitCode.Failure;
            }
            advance();
        }
        return exitCode;
    }
}
