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
        if (settings is { Client: not null, Exec: not null })
            throw UserErrorException.Usage("--client and --exec contradict each other: the first judges a client, the second a server");
        var suite = settings.Suite;
        SpecWords.CheckSelectors(suite, settings.Selectors, "arguments");
        SpecWords.CheckSelectors(suite, settings.Excludes, "--exclude");
        var options = settings.Options(SpecWords.ReadExpectedFailures(suite, settings.ExpectFailuresFile));
        var cases = settings.List && settings.Selectors.IsEmpty
            ? [.. suite.Cases.Where(@case => options.Strict || !@case.StrictOnly)]
            : suite.Select(options);
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
        var client = settings.Client is { } commands ? ConformanceClient.Of(commands, settings.Tls) : null;
        var run = client is null ? ConformanceSuite.RunAsync(target, options, cancellation) : ClientSuite.RunAsync(client, options, cancellation);
        var console = new SpecConsole(settings, total);
        var results = ImmutableArray.CreateBuilder<CaseResult>(total);
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.GetTimestamp();
        try
        {
            await console.LiveAsync(async () =>
            {
                await foreach (var result in run.ConfigureAwait(false))
                {
                    results.Add(result);
                    console.Show(result);
                }
            }).ConfigureAwait(false);
        }
        catch (TargetUnreachableException unreachable)
        {
            throw new UserErrorException(
                $"{(client is null ? "cannot reach the server" : "the client does not ask a server that does nothing wrong")}: {unreachable.Message}",
                SpawnedTarget.Unreachable);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("http2: stopped");
        }
        var report = new RunReport((IConformanceSubject?)client ?? target, options, started, Stopwatch.GetElapsedTime(clock), results.ToImmutable());
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
