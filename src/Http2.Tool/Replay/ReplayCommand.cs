using System.CommandLine;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 replay</c>.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A recording, as `http2 serve --record DIR` writes them." };

    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Print only the summary." };

    private static readonly Option<string?> Shrink = new("--shrink")
    {
        HelpName = "OUT",
        Description = "Cut a recording that ends in a fault down to the fewest and shortest inputs that still cause the same fault, and write "
            + "it to OUT.",
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("replay", """
            Replay a recorded connection through the core: each input, the frames it caused, the events, and the state it led to.

            When the recording is complete, what the replay sends is compared with what was sent while it was recorded.
            Exit codes: 0 replayed, 1 not readable or not equal to what was recorded, 2 wrong command line.
            """)
        {
            File, Quiet, Shrink,
        };
        command.SetAction(parsed => ReplayRun.Run(parsed.GetValue(File)!, parsed.GetValue(Quiet), parsed.GetValue(Shrink), Console.Out));
        return command;
    }
}
