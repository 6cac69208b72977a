namespace Http2.Tool;

/// <summary>Runs stories one after the other: a bad one is named and does not stop the others; progress shows on terminals.</summary>
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
    /// <param name="run">What to do with one; faults are thrown, and <see cref="Advance"/> is called after each block.</param>
    /// <returns><see cref="ExitCode.Ok"/> when every story was sound.</returns>
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

    /// <summary>Counts a block that is done.</summary>
    public void Advance() => _progress?.Report(_story, _block++);
}
