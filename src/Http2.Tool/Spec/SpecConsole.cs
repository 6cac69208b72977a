using System.Globalization;
using Http2.Conformance;
using Spectre.Console;

namespace Http2.Tool;

/// <summary>
/// Shows a run to a person: a tree by section as it grows, then each failure with the frames exchanged, then the closing line.
/// </summary>
internal sealed class SpecConsole
{
    private readonly IAnsiConsole _console;
    private readonly SpecSettings _settings;
    private readonly int _total;
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private StatusContext? _status;
    private string _section = "";
    private int _attempt = 1;
    private int _done;
    private int _failed;

    public SpecConsole(SpecSettings settings, int total)
    {
        _settings = settings;
        _total = total;

        // With --json - the standard output belongs to the report.
        var output = settings.JsonFile == "-" ? Console.Error : Console.Out;
        var redirected = settings.JsonFile == "-" ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
            _console.Profile.Width = 4096;
    }

    /// <summary>One line a case: identifier, level, reference, title.</summary>
    public static void List(IReadOnlyCollection<ConformanceCase> cases)
    {
        foreach (var @case in cases)
        {
            var level = @case.Level.ToString().ToUpperInvariant() + (@case.StrictOnly ? "*" : "");
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{@case.Id,-28} {level,-7} {@case.Reference,-20} {@case.Title}"));
        }
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases.Count} cases"));
    }

    /// <summary>The tree without results.</summary>
    public void Tree(IEnumerable<ConformanceCase> cases)
    {
        foreach (var @case in cases)
        {
            Headings(@case);
            _console.MarkupLine($"{Indent(@case)}{@case.Number}: {Markup.Escape(@case.Title)}");
        }
    }

    /// <summary>Runs <paramref name="run"/> with a line of live progress below the tree, when there is a terminal.</summary>
    public Task LiveAsync(Func<Task> run)
    {
        if (!_console.Profile.Capabilities.Interactive || !_console.Profile.Capabilities.Ansi)
            return run();
        return _console.Status().Spinner(Spinner.Known.Dots).StartAsync($"0/{_total}", async context =>
        {
            _status = context;
            await run().ConfigureAwait(false);
        });
    }

    /// <summary>Shows one result.</summary>
    public void Show(CaseResult result)
    {
        if (result.Attempt != _attempt)
        {
            _attempt = result.Attempt;
            _shown.Clear();
            _section = "";
            _console.MarkupLine($"\n[bold]Run {_attempt}[/]");
        }
        Headings(result.Case);
        _done++;
        if (result.IsFailure || result.IsUnexpectedPass)
            _failed++;
        _console.MarkupLine(Indent(result.Case) + Line(result));
        foreach (var measured in result.Measured)
            _console.MarkupLine($"[grey]{Indent(result.Case)}    {Markup.Escape(measured)}[/]");
        if (_settings.Verbose)
            Trace(result, Indent(result.Case) + "  ");
        _status?.Status($"[grey]{_done}/{_total}, {(_failed == 0 ? "none" : $"[red]{_failed}[/]")} failed[/]");
    }

    /// <summary>Shows the failures and the closing line.</summary>
    public void Finish(RunReport report)
    {
        Failures("Failures", report.Results.Where(result => result.IsFailure));
        Failures("Passed although listed as failing", report.Results.Where(result => result.IsUnexpectedPass));
        _console.WriteLine();
        _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Finished in {report.Duration.TotalSeconds:0.00} seconds"));
        _console.MarkupLine($"[{(report.IsClean ? "green" : "red")}]{Markup.Escape(report.Summary)}[/]");
    }

    private void Failures(string heading, IEnumerable<CaseResult> results)
    {
        var any = false;
        foreach (var result in results)
        {
            if (!any)
                _console.MarkupLine($"\n[bold]{heading}[/]");
            any = true;
            Failure(result);
        }
    }

    private void Failure(CaseResult result)
    {
        var @case = result.Case;
        _console.MarkupLine($"\n  [red]{@case.Id} {Markup.Escape(@case.Title)}[/]");
        var level = @case.Level.ToString().ToUpperInvariant();
        _console.MarkupLine($"    Requirement: {Markup.Escape(@case.Requirement)} [grey]({@case.Reference}, {level})[/]");
        if (result.IsUnexpectedPass)
            return;
        var label = "Expected:    ";
        foreach (var expected in result.Expected)
        {
            _console.MarkupLine($"    {label}[yellow]{Markup.Escape(expected)}[/]");
            label = "         or: ";
        }
        _console.MarkupLine($"    Actual:      [yellow]{Markup.Escape(result.Actual)}[/]");
        if (!_settings.Verbose)
            Trace(result, "      ");
    }

    private void Trace(CaseResult result, string indent)
    {
        foreach (var line in result.Trace)
            _console.MarkupLine($"[grey]{indent}{Markup.Escape(line)}[/]");
    }

    private void Headings(ConformanceCase @case)
    {
        var section = $"{@case.Group}/{@case.Section}";
        if (section == _section)
            return;
        _section = section;
        foreach (var (key, depth) in Conformance.Headings.Above(@case))
        {
            if (!_shown.Add(key))
                continue;
            if (depth == 0)
                _console.WriteLine();
            var number = depth == 0 ? "" : key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..] + ". ";
            _console.MarkupLine($"{new string(' ', depth * 2)}[bold]{Markup.Escape(number + Conformance.Headings.Of(key))}[/]");
        }
    }

    private static string Indent(ConformanceCase @case) => new(' ', (Conformance.Headings.Above(@case).Last().Depth * 2) + 2);

    private static string Line(CaseResult result)
    {
        var text = Markup.Escape($"{result.Case.Number}: {result.Case.Title}");
        return result switch
        {
            { IsUnexpectedPass: true } => $"[red]✓ {text} (passed although listed as failing)[/]",
            { Verdict: Verdict.Passed } => $"[green]✓[/] [grey]{text}[/]",
            { Verdict: Verdict.Skipped } => $"[cyan]– {text}[/] [grey]({Markup.Escape(result.Actual)})[/]",
            { ExpectedToFail: true } => $"[yellow]≈ {text} (fails as expected)[/]",
            _ => $"[red]✗ {text}[/]",
        };
    }
}
