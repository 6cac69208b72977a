using System.CommandLine;
using System.Globalization;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 fuzz</c>.</summary>
internal static class FuzzCommand
{
    // One year.
    private const double MaxMinutes = 525_600;

    private static readonly Option<double> Minutes = new("--minutes")
    {
        HelpName = "N",
        Description = "How long, in minutes; fractions count.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> Corpus = new("--corpus")
    {
        HelpName = "DIR",
        Description = "Recordings to start from (*.h2rec, folders below included). Without it the loop starts from a handshake alone.",
    };

    private static readonly Option<string> Findings = new("--findings")
    {
        HelpName = "DIR",
        Description = "Where findings go, cut down, as recordings for `http2 replay`.",
        DefaultValueFactory = _ => "findings",
    };

    private static readonly Option<string?> Keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Write the inputs that reached something new into DIR at the end, as a corpus for the next run.",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        HelpName = "N",
        Description = "The seed; one run with the same seed and corpus tries the same inputs in the same order.",
        DefaultValueFactory = _ => Environment.TickCount,
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("fuzz", """
            Mutate recorded connections and run them through the HPACK decoder, the frame parser and the core, keeping what reaches new
            transitions. Looks for exceptions, unequal replays, broken output, streams closed twice, life after the end, growing state.

            Exit codes: 0 nothing found, 1 something found or a folder not usable, 2 wrong command line.
            """)
        {
            Minutes, Corpus, Findings, Keep, Seed,
        };
        command.SetAction(parsed => FuzzRun.Run(
            new FuzzSettings(
                TimeOf(parsed.GetValue(Minutes)), parsed.GetValue(Corpus), parsed.GetValue(Findings)!, parsed.GetValue(Keep),
                parsed.GetValue(Seed)),
            Console.Out));
        return command;
    }

    private static TimeSpan TimeOf(double minutes) => minutes > 0 && minutes <= MaxMinutes
        ? TimeSpan.FromMinutes(minutes)
        : throw UserErrorException.Usage(
            string.Create(CultureInfo.InvariantCulture, $"option --minutes: {minutes} is not above 0 and at most {MaxMinutes}; give such a number"));
}

/// <summary>What <c>http2 fuzz</c> was asked to do.</summary>
internal sealed record FuzzSettings(TimeSpan Time, string? Corpus, string Findings, string? Keep, int Seed);
