using System.Globalization;
using Http2.Shell.Hpack;
using Spectre.Console;

namespace Http2.Tool;

/// <summary><c>http2 hpack table</c>: shows the dynamic table after each block.</summary>
internal sealed class TableRun(HpackSettings settings, HpackIo io)
{
    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var sources = StorySource.Expand(settings.Paths, "*.json", io.OpenInput);
        var batch = new StoryBatch(io, sources, quiet: false);
        return batch.Run(source => Show(source, batch));
    }

    private void Show(StorySource source, StoryBatch batch)
    {
        using var stream = source.Open();
        using var story = ITracedStory.Open(stream, settings);
        foreach (var item in story.Trace())
        {
            var table = story.Table;
            var title = $"{source.Name}, case {item.SeqNo}: {item.Headers.Count} headers in {item.WireLength} octets; "
                + $"table {table.Size} of {table.MaxSize} octets in {table.Count} entries";
            io.Out.WriteLine(title);
            if (io.OutIsTerminal)
                ShowPretty(table, story.Dialect);
            else
                ShowPlain(table);
            batch.Advance();
        }
    }

    private void ShowPlain(HdTable table)
    {
        table.Print(io.Out);
        io.Out.WriteLine();
    }

    private void ShowPretty(HdTable table, HpackDialect dialect)
    {
        var draft08 = dialect == HpackDialect.Draft08;
        var grid = new Table().Border(TableBorder.Rounded);
        grid.AddColumn(new TableColumn("index").RightAligned());
        grid.AddColumn(new TableColumn("size").RightAligned());
        if (draft08)
            grid.AddColumn("ref");
        grid.AddColumn("name");
        grid.AddColumn("value");
        for (var i = 0; i < table.Count; i++)
        {
            var cells = new List<string> { Number(FirstIndex.Of(dialect) + i), Number(table[i].Size) };
            if (draft08)
                cells.Add(table[i].InReferenceSet ? "yes" : "");
            cells.Add(Markup.Escape(OctetText.Show(table[i].Name)));
            cells.Add(Markup.Escape(OctetText.Show(table[i].Value)));
            grid.AddRow([.. cells]);
        }
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(io.Out) }).Write(grid);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
