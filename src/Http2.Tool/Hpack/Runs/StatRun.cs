using System.Globalization;
using Spectre.Console;

namespace Http2.Tool;

/// <summary>The sums of a story, or of all stories.</summary>
/// <param name="Name">The name of the story.</param>
/// <param name="Blocks">How many cases it has, with a block each.</param>
/// <param name="Headers">How many fields all cases have.</param>
/// <param name="Raw">How many octets all names and values have.</param>
/// <param name="Wire">How many octets all blocks have.</param>
internal sealed record StoryStat(string Name, int Blocks, long Headers, long Raw, long Wire)
{
    /// <summary>The octets of the blocks divided by those of names and values, in percent, as published results give it.</summary>
    public string Ratio => Raw == 0 ? "-" : (100.0 * Wire / Raw).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>The cells of its row.</summary>
    public string[] Cells =>
        [Name, .. new[] { Blocks, Headers, Raw, Wire }.Select(number => number.ToString(CultureInfo.InvariantCulture)), Ratio];
}

/// <summary>
/// <c>http2 hpack stat</c>: prints the compression ratio of each story and of all together. A story that has no blocks is encoded for that.
/// </summary>
internal sealed class StatRun(HpackSettings settings, HpackIo io)
{
    private static readonly string[] Titles = ["story", "blocks", "headers", "raw", "wire", "ratio"];

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var sources = StorySource.Expand(settings.Paths, "*.json", io.OpenInput);
        var stats = new List<StoryStat>();
        var batch = new StoryBatch(io, sources, quiet: true);
        var exitCode = batch.Run(source => stats.Add(Count(source, batch)));
        var total = new StoryStat(
            "total", stats.Sum(s => s.Blocks), stats.Sum(s => s.Headers), stats.Sum(s => s.Raw), stats.Sum(s => s.Wire));
        if (io.OutIsTerminal)
            WritePretty(stats, total);
        else
            WritePlain([Titles, .. stats.Select(stat => stat.Cells), total.Cells]);
        return exitCode;
    }

    private StoryStat Count(StorySource source, StoryBatch batch)
    {
        using var stream = source.Open();
        using var story = ITracedStory.Open(stream, settings);
        var stat = new StoryStat(source.Name, 0, 0, 0, 0);
        foreach (var item in story.Trace())
        {
            batch.Advance();
            stat = stat with
            {
                Blocks = stat.Blocks + 1,
                Headers = stat.Headers + item.Headers.Count,
                Raw = stat.Raw + StoryCase.RawLength(item.Headers),
                Wire = stat.Wire + item.WireLength,
            };
        }
        return stat;
    }

    private void WritePlain(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            io.Out.WriteLine(string.Join("  ", cells));
        }
    }

    private void WritePretty(IEnumerable<StoryStat> stats, StoryStat total)
    {
        var grid = new Table().Border(TableBorder.Rounded);
        grid.AddColumn(Titles[0]);
        foreach (var title in Titles[1..])
            grid.AddColumn(new TableColumn(title).RightAligned());
        foreach (var stat in stats)
            grid.AddRow([.. stat.Cells.Select(Markup.Escape)]);
        grid.AddEmptyRow();
        grid.AddRow([.. total.Cells.Select(Markup.Escape)]);
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(io.Out) }).Write(grid);
    }
}
