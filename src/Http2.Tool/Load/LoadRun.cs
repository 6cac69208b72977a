using System.Diagnostics;
using System.Net.Security;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Runs <c>http2 load</c>: clients, the time that it takes, and what is said of it.</summary>
internal sealed class LoadRun : IDisposable
{
    // A response's head may have this many octets of fields: more is a matter for tests of limits.
    private const int LargestHead = 1024 * 1024;

    private readonly LoadOptions _options;
    private readonly MeasuredTime _measured = new();
    private readonly Complaints _complaints = new();
    private readonly CancellationTokenSource _over = new();
    private readonly LoadTap _tap;
    private readonly FailureRecordings? _recordings;
    private readonly RequestLog? _log;
    private readonly LoadClient[] _clients;

    private LoadRun(LoadOptions options)
    {
        _options = options;
        _tap = new LoadTap(_measured);
        if (options.FailuresTo is { } directory)
        {
            OutputFolder.Probe("--record-failures", directory);
            Directory.CreateDirectory(directory);
            _recordings = new FailureRecordings(directory, _tap, Console.Error.WriteLine);
        }
        _log = options.LogPath is { } path ? new RequestLog(path) : null;
        var plan = new LoadPlan
        {
            Options = options,
            Connecting = Connecting(options, (Http2FrameTap?)_recordings ?? _tap),
            Measured = _measured,
            Complaints = _complaints,
            Verbose = options.IsVerbose ? Console.Error.WriteLine : null,
            Log = _log,
            Recordings = _recordings,
            Over = _over.Token,
        };
        _clients = [.. Enumerable.Range(0, options.Clients).Select(number => Client(plan, number))];
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserErrorException">A file cannot be read or written, or the server cannot be reached.</exception>
    public static async Task<int> RunAsync(LoadOptions options)
    {
        var before = options.BasePath is { } path ? LoadFigures.Read(path) : null;
        using var run = new LoadRun(options);
        using var signals = new StopSignals(ExitCode.Failure);
        await run.MeasureAsync(signals.First);
        return run.Tell(before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log?.Dispose();
        _recordings?.Dispose();
        _over.Dispose();
    }

    private static LoadClient Client(LoadPlan plan, int number)
    {
        var options = plan.Options;
        // The first clients have one request more when it does not come out even.
        var count = options.Duration is not null ? long.MaxValue / 2
            : options.IsScripted ? options.Count
            : (options.Count / options.Clients) + (number < options.Count % options.Clients ? 1 : 0);
        Pace pace = new ClosedPace(count);
        if (options.IsScripted)
        {
            pace = new OpenPace(i => Ticks(options.Requests[(int)(i % options.Requests.Count)].At), count);
        }
        else if (options.Rate is { } rate)
        {
            // Clients take turns within the time between two requests of one.
            var offset = (double)number / options.Clients;
            pace = new OpenPace(i => (long)((i + offset) / rate * Stopwatch.Frequency), count);
        }
        return new LoadClient(plan, pace, new Cancelling(options.CancelledPercent, seed: number));
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static Http2ClientOptions Connecting(LoadOptions options, Http2FrameTap tap) => new()
    {
        Connection = Http2ClientOptions.Default.Connection with
        {
            InitialStreamWindow = options.StreamWindow,
            InitialConnectionWindow = options.ConnectionWindow,
            MaxFrameSize = options.MaxFrameSize,
            DecoderTableSize = options.DecoderTableSize,
            EncoderTableSize = options.EncoderTableSize,
            MaxHeaderListSize = LargestHead,
            MaxHeaderListSizeHard = LargestHead,
        },
        Tls = new SslClientAuthenticationOptions
        {
            TargetHost = options.ServerName,
            CipherSuitesPolicy = options.CipherSuites is { } suites && !OperatingSystem.IsWindows() ? new CipherSuitesPolicy(suites) : null,
            RemoteCertificateValidationCallback = options.IsInsecure ? (_, _, _, _) => true : null,
        },
        UnixSocketPath = options.UnixSocketPath,
        ConnectTo = options.ConnectTo,
        LoopThreads = options.Threads,
        ResponseTimeout = Timeout.InfiniteTimeSpan,
        ResponseBodyPace = null,
        FrameTap = tap,
    };

    private async Task MeasureAsync(Task stopped)
    {
        using var ticker = _options is { ActiveTimeout: null, InactivityTimeout: null, ReadRate: null } && !_clients[0].Pace.NeedsTime
            ? null
            : new LoadTicker(_clients);
        var progress = Console.IsErrorRedirected || _options.IsVerbose
            ? Task.CompletedTask
            : new LoadProgress(Console.Error, _options, _clients, _measured).RunAsync(_over.Token);
        if (_options.Duration is null)
            _measured.Begin();
        var running = StartAsync();
        await Task.WhenAny(running, stopped, TimeAsync());
        _measured.End();
        foreach (var client in _clients)
            client.NoteEnd();
        await _over.CancelAsync();
        await running;
        await Task.WhenAll(_clients.Select(client => client.Closing));
        await progress;
    }

    // Completes when the time is over; without a duration never. The time begins when all clients are connected.
    private async Task TimeAsync()
    {
        if (_options.Duration is not { } duration)
        {
            await Task.Delay(Timeout.Infinite, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        await Task.WhenAll(_clients.Select(client => client.Ready)).WaitAsync(_over.Token);
        await Task.Delay(_options.WarmUp, _over.Token);
        _measured.Begin();
        await Task.Delay(duration, _over.Token);
    }

    private async Task StartAsync()
    {
        var running = new List<Task>(_clients.Length);
        for (var i = 0; i < _clients.Length; i++)
        {
            if (_options.ConnectionRate > 0 && i > 0 && i % _options.ConnectionRate == 0)
                await Task.Delay(_options.ConnectionPeriod, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_over.IsCancellationRequested)
                break;
            running.Add(_clients[i].RunAsync());
        }
        await Task.WhenAll(running);
    }

    private int Tell(LoadFigures? before)
    {
        var result = LoadResult.Of(_options, _clients, _measured, _tap, _complaints);
        if (result.Connecting.Count == 0 && result.Complaints is [var (why, _), ..])
            throw new UserErrorException(why);
        if (_options.IsJson)
        {
            using var output = Console.OpenStandardOutput();
            LoadJson.Write(output, result);
            output.WriteByte((byte)'\n');
        }
        else
        {
            new LoadText(result, TerminalStyle.ForOutput()).Write(Console.Out);
        }
        if (_log?.Failure is { } failure)
            Console.Error.WriteLine($"http2: option --log-file: the log ends early: {failure}");
        if (before is null)
            return result.Tally.Failed == 0 && result.Tally.Done > 0 ? ExitCode.Ok : ExitCode.Failure;
        var comparison = new LoadComparison(before, LoadFigures.Of(result), _options.Tolerance);
        // JSON on standard output stays JSON.
        var told = _options.IsJson ? Console.Error : Console.Out;
        told.WriteLine();
        foreach (var line in comparison.Lines())
            told.WriteLine(line);
        return comparison.IsWorse ? ExitCode.Worse : ExitCode.Ok;
    }
}
