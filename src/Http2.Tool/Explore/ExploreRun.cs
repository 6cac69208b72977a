using System.Globalization;
using Http2.Exploration;

namespace Http2.Tool;

/// <summary>Runs <c>http2 explore</c>: explores alphabets of inputs one by one, prints progress, and writes a file for each finding.</summary>
internal static class ExploreRun
{
    /// <summary>Explores what was asked for.</summary>
    /// <exception cref="UserErrorException">The folder for findings cannot be used.</exception>
    public static int Run(IReadOnlyList<ExplorationSettings> explorations, string findings, TextWriter output)
    {
        OutputFolder.Probe("--findings", findings);
        var isFine = true;
        foreach (var settings in explorations)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{settings.Alphabet.Name}: {settings.Alphabet.Letters.Count} inputs, to depth {settings.Depth}"));
            var result = new Explorer(settings).Run(progress => output.WriteLine(Line(progress)));
            if (!result.IsComplete)
                output.WriteLine("  not complete: there are more states than --max-states allows");
            foreach (var finding in result.Findings)
                Tell(finding, findings, output);
            isFine &= result.IsComplete && result.Findings.Count == 0;
        }
        return isFine ? ExitCode.Ok : ExitCode.Failure;
    }

    private static string Line(ExplorationProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"  depth {progress.Depth}: {progress.States:N0} states ({progress.Frontier:N0} new), {progress.Steps:N0} steps "
        + $"({progress.Refused:N0} of them refused commands), {progress.Elapsed.TotalSeconds:N0} s, "
        + $"{progress.Steps / progress.Elapsed.TotalSeconds:N0} steps/s");

    private static void Tell(BrokenRule finding, string folder, TextWriter output)
    {
        output.WriteLine($"FOUND {finding.Story()}");
        try
        {
            OutputFile.WriteByContent(folder, "finding", ".h2rec", finding.Recording.Encode().Span);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot write into '{folder}': {error.Message.TrimEnd('.')}; name another folder");
        }
    }
}
