using System.Diagnostics;
using System.Globalization;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>Runs <c>http2 fuzz</c>: the loop, its progress, and the files it writes.</summary>
internal static class FuzzRun
{
    private const int RoundsBetweenLooks = 64;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(15);

    /// <summary>Fuzzes for the time that was asked for.</summary>
    /// <exception cref="UserErrorException">A folder cannot be used.</exception>
    public static int Run(FuzzSettings settings, TextWriter output)
    {
        OutputFolder.Probe("--findings", settings.Findings);
        if (settings.Keep is not null)
            OutputFolder.Probe("--keep", settings.Keep);
        var loop = new FuzzLoop(settings.Seed, FuzzTarget.Check);
        foreach (var recording in Load(settings.Corpus))
            loop.Add(recording);
        output.WriteLine($"seed {settings.Seed}, {loop.CorpusSize} inputs to start from, {loop.Features} transitions known");
        var clock = Stopwatch.StartNew();
        var nextLine = BetweenLines;
        while (clock.Elapsed < settings.Time)
        {
            for (var i = 0; i < RoundsBetweenLooks; i++)
                loop.Round();
            if (clock.Elapsed < nextLine)
                continue;
            nextLine += BetweenLines;
            output.WriteLine(Line(loop, clock.Elapsed));
        }
        output.WriteLine(Line(loop, clock.Elapsed));
        if (settings.Keep is not null)
            Save(settings.Keep, "corpus", loop.Corpus);
        Save(settings.Findings, "finding", loop.Findings.Select(finding => finding.Recording));
        foreach (var finding in loop.Findings)
            output.WriteLine($"FOUND {finding.Problem}");
        return loop.Findings.Count == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    private static string Line(FuzzLoop loop, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{elapsed:hh\\:mm\\:ss}  {loop.Rounds} inputs ({loop.Rounds / elapsed.TotalSeconds:F0}/s), {loop.Steps} steps, "
        + $"{loop.CorpusSize} kept, {loop.Features} transitions, {loop.Findings.Count} findings");

    private static IEnumerable<Recording> Load(string? directory)
    {
        if (directory is null)
            return [];
        if (!Directory.Exists(directory))
            throw new UserErrorException($"option --corpus: there is no folder '{directory}'; name one with recordings, or leave it out");
        var files = Files(directory);
        if (files.Length == 0)
            throw new UserErrorException(
                $"option --corpus: there is no recording (*.h2rec) in '{directory}'; `http2 serve --record DIR` writes them, or leave it out");
        return files.Select(ReplayRun.Read);
    }

    private static string[] Files(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory, "*.h2rec", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --corpus: cannot read '{directory}': {error.Message.TrimEnd('.')}; name another folder");
        }
    }

    private static void Save(string directory, string name, IEnumerable<Recording> recordings)
    {
        foreach (var recording in recordings)
        {
            try
            {
                OutputFile.WriteByContent(directory, name, ".h2rec", recording.Encode().Span);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException($"cannot write into '{directory}': {error.Message.TrimEnd('.')}; name another folder");
            }
        }
    }
}
