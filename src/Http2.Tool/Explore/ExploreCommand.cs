using System.CommandLine;
using System.Globalization;
using Http2.Exploration;
using Command = System.CommandLine.Command;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 explore</c>.</summary>
internal static class ExploreCommand
{
    private const int MostDepth = 100;

    private static readonly Option<int> Depth = new("--depth")
    {
        HelpName = "N",
        Description = "How many inputs a trace has at most, the handshake apart.",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<string[]> Alphabets = new("--alphabet")
    {
        HelpName = "NAME",
        Description = $"What can happen: {string.Join(", ", Alphabet.All.Select(alphabet => alphabet.Name))}. May be repeated; without it all of them.",
    };

    private static readonly Option<int> Threads = new("--threads")
    {
        HelpName = "N",
        Description = "How many threads work; without it as many as there are cores.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly Option<long> MaxStates = new("--max-states")
    {
        HelpName = "N",
        Description = "Stop when so many states are known. A state takes some 60 octets, and one that is still to be explored 2 KiB.",
        DefaultValueFactory = _ => 20_000_000,
    };

    private static readonly Option<string> Findings = new("--findings")
    {
        HelpName = "DIR",
        Description = "Where findings go, as recordings for `http2 replay`.",
        DefaultValueFactory = _ => "findings",
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("explore", """
            Run every trace of inputs up to a length through the core, breadth first, each state once: frames of the peer, right and wrong,
            commands, ticks, drains, settings in flight. Looks for broken rules of RFC 9113, lost credit, deadlines that do nothing, states
            that honest ends cannot leave, and differences to the reference model. The shortest trace that breaks a rule is told.

            Exit codes: 0 nothing found, 1 something found, not all explored, or a folder not usable, 2 wrong command line.
            """)
        {
            Depth, Alphabets, Threads, MaxStates, Findings,
        };
        command.SetAction(parsed => ExploreRun.Run(
            [.. ChosenOf(parsed.GetValue(Alphabets)!).Select(alphabet =>
                new ExplorationSettings(alphabet, Within("--depth", parsed.GetValue(Depth), MostDepth), Within("--threads", parsed.GetValue(Threads), 1024))
                {
                    MaxStates = Within("--max-states", parsed.GetValue(MaxStates), int.MaxValue / 2),
                })],
            parsed.GetValue(Findings)!,
            Console.Out));
        return command;
    }

    private static IEnumerable<Alphabet> ChosenOf(string[] names) => names.Length == 0
        ? Alphabet.All
        : names.Select(name => Alphabet.All.FirstOrDefault(alphabet => alphabet.Name == name) ?? throw UserErrorException.Usage(
            $"option --alphabet: there is no '{name}'; choose from {string.Join(", ", Alphabet.All.Select(alphabet => alphabet.Name))}"));

    private static int Within(string option, long value, int most) => value >= 1 && value <= most
        ? (int)value
        : throw UserErrorException.Usage(string.Create(
            CultureInfo.InvariantCulture, $"option {option}: {value} is not between 1 and {most}; give such a number"));
}
