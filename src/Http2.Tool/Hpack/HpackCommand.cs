using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>The command line of <c>http2 hpack</c>.</summary>
internal static class HpackCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Story files, or folders of them; - or nothing is standard input.",
    };

    private static readonly Option<int> TableSize = Size(
        "--table-size", "-s", HdDefaults.DefaultHeaderTableSize, "The SETTINGS_HEADER_TABLE_SIZE at the start, in octets.");

    private static readonly Option<int> DeflateTableSize = Size(
        "--deflate-table-size", "-S", HdDefaults.DeflateMaxHeaderTableSize, "The most of the table that the encoder uses, in octets.");

    private static readonly Option<bool> ChangeTableSize = Flag(
        "--change-table-size", null,
        "Change the table size to a third of --table-size after a third of the cases, and to two thirds after two thirds.");

    private static readonly Option<bool> DumpTable = Flag(
        "--dump-table", "-d", "Write the dynamic table after each block, as header_table.", "--dump-header-table");

    private static readonly Option<bool> Draft08 = Flag(
        "--draft08", null, "Use HPACK draft 08 instead of RFC 7541. Stories that say \"draft\": 8 are inflated with it anyway.");

    private static readonly Option<bool> NoRefset = Flag("--no-refset", "-c", "Encode without the reference set; only draft 08 has one.");

    private static readonly Option<bool> Check = Flag(
        "--check", null, "Write nothing but compare with the headers in the files; a difference is a failure.");

    private static readonly Option<bool> Http1Text = Flag(
        "--http1text", "-t", "The input is header text: a line 'name: value' each, an empty line after each list; *.txt in folders.");

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "Write a file for each story into this folder instead of to standard output.",
    };

    /// <summary>The command, ready to be added to the root.</summary>
    public static Command Create() => new("hpack", """
        Inflate and deflate header blocks, show the dynamic table, count octets.

        Reads and writes stories: JSON as in hpack-test-case and as nghttp2's inflatehd and deflatehd take and give it. A bad file is
        named with the case and the octet at fault; the others still run.
        Exit codes: 0 all stories were sound, 1 some were not, 2 wrong command line.
        """)
    {
        Verb("inflate", "Decode the blocks ('wire') of stories.", (settings, io) => new InflateRun(settings, io).Run(),
            Check, TableSize, DumpTable, Draft08, Output),
        Verb("deflate", "Encode the header lists ('headers') of stories.", (settings, io) => new DeflateRun(settings, io).Run(),
            TableSize, DeflateTableSize, ChangeTableSize, DumpTable, Draft08, NoRefset, Http1Text, Output),
        Verb("table", "Show the dynamic table after each block; raw stories are encoded first.",
            (settings, io) => new TableRun(settings, io).Run(), TableSize, DeflateTableSize, ChangeTableSize, Draft08, NoRefset),
        Verb("stat", "Count wire and raw octets of each story and in total; raw stories are encoded first.",
            (settings, io) => new StatRun(settings, io).Run(), TableSize, DeflateTableSize, ChangeTableSize, Draft08, NoRefset),
    };

    private static Command Verb(string name, string description, Func<HpackSettings, HpackIo, int> run, params Option[] options)
    {
        var command = new Command(name, description) { Paths };
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(parsed => run(Read(parsed), OpenIo(parsed)));
        return command;
    }

    private static HpackSettings Read(ParseResult parsed)
    {
        var settings = new HpackSettings
        {
            Paths = parsed.GetValue(Paths) ?? [],
            TableSize = Value(parsed, TableSize, HdDefaults.DefaultHeaderTableSize),
            DeflateTableSize = Value(parsed, DeflateTableSize, HdDefaults.DeflateMaxHeaderTableSize),
            ChangeTableSize = Value(parsed, ChangeTableSize, false),
            DumpTable = Value(parsed, DumpTable, false),
            Draft08 = Value(parsed, Draft08, false),
            NoReferenceSet = Value(parsed, NoRefset, false),
            Check = Value(parsed, Check, false),
            Http1Text = Value(parsed, Http1Text, false),
            OutputFolder = Value(parsed, Output, null),
        };
        if (settings.Check && (settings.OutputFolder is not null || settings.DumpTable))
            throw UserErrorException.Usage("--check writes nothing; drop --output and --dump-table, or --check");
        return settings;
    }

    private static T Value<T>(ParseResult parsed, Option<T> option, T absent) =>
        parsed.GetResult(option) is { } result ? result.GetValueOrDefault<T>()! : absent;

    private static HpackIo OpenIo(ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        return new HpackIo
        {
            Out = output,
            Error = error,
            OpenInput = Console.OpenStandardInput,
            OutIsTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected,
            ErrorIsTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected,
        };
    }

    private static Option<bool> Flag(string name, string? letter, string description, params string[] aliases) =>
        new(name, letter is null ? aliases : [letter, .. aliases]) { Arity = ArgumentArity.Zero, Description = description };

    private static Option<int> Size(string name, string letter, int absent, string description) => new(name, letter)
    {
        HelpName = "OCTETS",
        Description = description,
        DefaultValueFactory = _ => absent,
        CustomParser = argument => ParseSize(name, argument),
    };

    private static int ParseSize(string name, ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return size;
        argument.AddError($"option {name}: '{text}' is not a size; give a number of octets from 0 to {int.MaxValue}");
        return 0;
    }
}
