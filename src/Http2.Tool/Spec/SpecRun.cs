using System.Collections.Immutable;
using System.Diagnostics;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>Carries <c>http2 spec</c> out.</summary>
internal static class SpecRun
{
    /// <summary>Lists, or runs and reports.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="cancellation">Ends the run; what was judged so far is reported.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(SpecSettings settings, CancellationToken cancellation)
    {
        SpecWords.CheckSelectors(settings.Selectors, "arguments");
        SpecWords.CheckSelectors(settings.Excludes, "--exclude");
        var options = settings.Options(SpecWords.ReadExpectedFailures(settings.ExpectFailuresFile));
        var cases = settings.List && settings.Selectors.IsEmpty
            ? [.. ConformanceSuite.Cases.Where(@case => options.Strict || !@case.StrictOnly)]
            : ConformanceSuite.Select(options);
        if (cases.IsEmpty)
            throw UserErrorException.Usage("no case is left to run");
        if (settings.List || settings.DryRun)
            return List(settings, cases);
        using var signals = new SignalScope(cancellation);
        return await RunAsync(settings, options, cases.Length * options.Repeat, signals.Token).ConfigureAwait(false);
    }

    private static int List(SpecSettings settings, ImmutableArray<ConformanceCase> cases)
    {
        if (settings.JsonFile is { } file)
            SpecReports.WriteJson(file, output => JsonReport.WriteList(cases, output));
        else if (settings.DryRun)
            new SpecConsole(settings, cases.Length).Tree(cases);
        else
            SpecConsole.List(cases);
        return ExitCode.Ok;
    }

    private static async Task<int> RunAsync(SpecSettings settings, ConformanceOptions options, int total, CancellationToken cancellation)
    {
        await using var server = settings.Exec is { } command
            ? await SpawnedTarget.StartAsync(command, settings.Target, cancellation).ConfigureAwait(false) : null;
        var target = server?.Target ?? settings.Target;
        var console = new SpecConsole(settings, total);
        var results = ImmutableArray.CreateBuilder<CaseResult>(total);
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.GetTimestamp();
        try
        {
            await console.LiveAsync(async () =>
            {
                await foreach (var result in ConformanceSuite.RunAsync(target, options, cancellation).ConfigureAwait(false))
                {
                    results.Add(result);
                    console.Show(result);
                }
            }).ConfigureAwait(false);
        }
        catch (TargetUnreachableException unreachable)
        {
            throw new UserErrorException($"cannot reach the server: {unreachable.Message}", SpawnedTarget.Unreachable);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("http2: stopped");
        }
        var report = new RunReport(target, options, started, Stopwatch.GetElapsedTime(clock), results.ToImmutable());
        console.Finish(report);
        SpecReports.Write(settings, report);
        return report.IsClean && !cancellation.IsCancellationRequested ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <summary>Ctrl-C ends the run in order: the report is written and a server that was started is stopped.</summary>
    private sealed class SignalScope : IDisposable
    {
        private readonly CancellationTokenSource _source;

        public SignalScope(CancellationToken cancellation)
        {
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Console.CancelKeyPress += OnCancel;
        }

        public CancellationToken Token => _source.Token;

        public void Dispose()
        {
            Console.CancelKeyPress -= OnCancel;
            _source.Dispose();
        }

        private void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = !_source.IsCancellationRequested;
            _source.Cancel();
        }
    }
}
