namespace Http2.Tool;

/// <summary>Runs stories one after the other. A story with a fault is named and does not stop the others. Terminals show the progress.</summary>
/// <param name="io">Where faults and progress go.</param>
/// <param name="sources">The stories.</param>
/// <param name="quiet">Whether nothing is written to <see cref="HpackIo.Out"/> meanwhile, which the progress line would break.</param>
internal sealed class StoryBatch(HpackIo io, IReadOnlyList<StorySource> sources, bool quiet)
{
    private readonly ProgressLine? _progress =
        io.ErrorIsTerminal && (quiet || !io.OutIsTerminal) ? new ProgressLine(io.Error, sources.Count, io.Time) : null;

    private int _story;
    private int _block;

    /// <summary>Runs each story.</summary>
    /// <param name="run">Runs one story; it throws at a fault, and calls <see cref="Advance"/> after each block.</param>
    /// <returns><see cref="ExitCode.Ok"/> when no story had a fault.</returns>
    public int Run(Action<StorySource> run)
    {
        var exitCode = ExitCode.Ok;
        for (_story = 0; _story < sources.Count; _story++)
        {
            _block = 0;
            try
            {
                run(sources[_story]);
            }
            catch (Exception error) when (error is StoryFaultException or IOException or UnauthorizedAccessException)
            {
                _progress?.Clear();
                io.Error.WriteLine($"{sources[_story].Name}: {error.Message}");
                exitCode = ExitCode.Failure;
            }
        }
        _progress?.Clear();
        return exitCode;
    }

    /// <summary>Tells that one more block has been processed.</summary>
    public void Advance() => _progress?.Report(_story, _block++);
}
