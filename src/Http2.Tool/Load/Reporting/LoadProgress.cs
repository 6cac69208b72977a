using System.Globalization;

namespace Http2.Tool;

/// <summary>One line on a terminal that says how far a run is: time, rate, counts, latency. It is removed when the run is over.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="options">What was asked for.</param>
/// <param name="clients">Who sends requests.</param>
/// <param name="measured">How long it was measured.</param>
internal sealed class LoadProgress(TextWriter terminal, LoadOptions options, IReadOnlyList<LoadClient> clients, MeasuredTime measured)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private (double Seconds, long Done) _last;

    /// <summary>Shows where the run is, again and again, until it is over.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, over).ConfigureAwait(false);
                await terminal.WriteAsync($"\r\e[K{Line()}").ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await terminal.WriteAsync("\r\e[K").ConfigureAwait(false);
        }
    }

    /// <summary>Where the run is now.</summary>
    public string Line()
    {
        var (seconds, done, failed) = (measured.Length.TotalSeconds, 0L, 0L);
        var latency = new Histogram();
        foreach (var client in clients)
        {
            done += client.Tally.Done;
            failed += client.Tally.Failed;
            latency.AddAll(client.Tally.Latency);
        }
        if (!measured.IsOn && seconds == 0)
            return "warming up";
        var (before, doneBefore) = _last;
        _last = (seconds, done);
        var rate = seconds > before ? (done - doneBefore) / (seconds - before) : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds,5:0.0} s {Share(seconds, done)}  {Units.Count(rate)} req/s  {Units.Count(done)} done  {Units.Count(failed)} failed  "
            + $"p50 {Units.Time(latency.Percentile(50))}  p99 {Units.Time(latency.Percentile(99))}");
    }

    private string Share(double seconds, long done)
    {
        const int Width = 20;
        var all = options.IsScripted ? options.Count * options.Clients : options.Count;
        var share = Math.Clamp(options.Duration is { } duration ? seconds / duration.TotalSeconds : (double)done / all, 0, 1);
        var full = (int)(share * Width);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('=', full)}{new string(' ', Width - full)}] {share * 100,3:0}%");
    }
}
