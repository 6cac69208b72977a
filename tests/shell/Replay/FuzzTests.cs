using Http2.Pure;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests.Replay;

/// <summary>The loop of <c>http2 fuzz</c>, in its short form.</summary>
public sealed class FuzzTests
{
    private static readonly FuzzSettings Settings = new(TimeSpan.FromMilliseconds(1), null, "findings", null, 1);

    [Fact]
    public void A_short_run_finds_nothing_and_reaches_new_transitions()
    {
        var loop = new FuzzLoop(1, FuzzTarget.Check);
        var atStart = loop.Features;
        for (var i = 0; i < 1500; i++)
            loop.Round();
        Assert.Empty(loop.Findings.Select(finding => finding.Problem));
        Assert.True(loop.Features > 4 * atStart, $"{atStart} transitions at the start, {loop.Features} at the end");
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var (first, second) = (new FuzzLoop(7, FuzzTarget.Check), new FuzzLoop(7, FuzzTarget.Check));
        for (var i = 0; i < 200; i++)
        {
            first.Round();
            second.Round();
        }
        Assert.Equal(first.Corpus.Select(recording => recording.Encode()), second.Corpus.Select(recording => recording.Encode()));
    }

    [Fact]
    public void A_fault_of_the_core_is_found_and_cut_down()
    {
        // stands in for a fault: the core must not answer a PING
        static FuzzResult Check(Recording recording)
        {
            var result = FuzzTarget.Check(recording);
            var sends = recording.Replay().Any(step => step.Result.Output.Span.IndexOf(new byte[] { 0, 0, 8, 6, 1 }) >= 0);
            return sends ? result with { Problem = "a PING was answered\nin " + recording.Inputs.Length } : result;
        }

        var loop = new FuzzLoop(3, Check);
        for (var i = 0; i < 3000 && loop.Findings.Count == 0; i++)
            loop.Round();
        var finding = Assert.Single(loop.Findings);
        Assert.Contains("a PING was answered", finding.Problem, StringComparison.Ordinal);
        // the handshake and one read with the PING in it
        Assert.InRange(finding.Recording.Inputs.Length, 1, 2);
    }

    [Fact]
    public void An_exception_is_a_problem_named_by_its_place()
    {
        var result = FuzzTarget.Check(new Recording(Role.Server, null!, 0, []));
        Assert.StartsWith("NullReferenceException", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_before_any_time_is_spent()
    {
        using var directory = new TemporaryDirectory();
        var taken = directory.Write("taken", "");
        foreach (var settings in new[] { Settings with { Findings = taken }, Settings with { Findings = directory.FullPath, Keep = taken } })
        {
            var output = new StringWriter();
            var error = Assert.Throws<UserErrorException>(() => FuzzRun.Run(settings, output));
            Assert.Contains($"cannot write into '{taken}'", error.Message, StringComparison.Ordinal);
            Assert.Equal("", output.ToString());
        }
        Assert.Equal([taken], Directory.GetFileSystemEntries(directory.FullPath));
    }

    [Fact]
    public void A_corpus_without_a_recording_is_an_error()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("notes.txt", "none here");
        var settings = Settings with { Findings = directory.FullPath, Corpus = directory.FullPath };
        var error = Assert.Throws<UserErrorException>(() => FuzzRun.Run(settings, TextWriter.Null));
        Assert.Contains("there is no recording (*.h2rec)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_and_corpus_are_written_as_recordings()
    {
        using var directory = new TemporaryDirectory();
        var (keep, findings) = (Path.Combine(directory.FullPath, "keep"), Path.Combine(directory.FullPath, "findings"));
        var output = new StringWriter();
        var code = FuzzRun.Run(new FuzzSettings(TimeSpan.FromMilliseconds(1), null, findings, keep, 1), output);
        Assert.Equal(ExitCode.Ok, code);
        Assert.False(Directory.Exists(findings));
        Assert.NotEmpty(Directory.GetFiles(keep, "*.h2rec").Select(ReplayRun.Read));
        Assert.Contains("0 findings", output.ToString(), StringComparison.Ordinal);
    }
}
