using System.Diagnostics;
using System.Globalization;

namespace Http2.Conformance;

/// <summary>
/// The gates that hold for every attack: the server's memory, a well-behaved client's answers meanwhile, the CPU time when it is bounded,
/// and what the server still holds afterwards. Memory and CPU need the server's process (<see cref="ConformanceTarget.ProcessId"/>), what
/// it holds needs a page that says so (<see cref="TargetResources.Load"/>); without them they are not judged.
/// </summary>
internal sealed class Guard
{
    /// <summary>What one attacking connection may add to the server's resident memory.</summary>
    public const long MemoryAllowance = 8 << 20;

    /// <summary>How much of the added memory may be left once the attacker is gone, in octets.</summary>
    private const long ReturnAllowance = 5 << 20;

    private const double SlowestAllowed = 50;
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(400);

    private readonly Probe _probe;
    private readonly ProcessGauge? _gauge;

    private Guard(Probe probe)
    {
        _probe = probe;
        _gauge = ProcessGauge.Of(probe.Target.ProcessId);
    }

    /// <summary>How many million frames the attack sent that the server is to ignore; bounds its CPU time.</summary>
    public double IgnorableMillions { get; set; }

    /// <summary>The most memory that the attack may add, in octets.</summary>
    public long Memory { get; set; } = MemoryAllowance;

    /// <summary>Carries out an attack, and measures the server before, during and after it.</summary>
    public static async Task Against(Probe probe, Func<Guard, Task> attack)
    {
        var guard = new Guard(probe);
        if (probe.Timeout == default)
            probe.Timeout = probe.Options.Timeout;
        var unloaded = await probe.Context.SettledAsync(guard.SettleAsync).ConfigureAwait(false);
        var before = await guard.ReadLoadAsync().ConfigureAwait(false);
        var baseline = guard._gauge is null ? 0 : await WarmUp.PeakAsync(guard._gauge, probe.Another).ConfigureAwait(false);
        guard._gauge?.ForgetPeak();
        var cpu = guard._gauge?.CpuSeconds ?? 0;
        using var latency = new LatencyProbe(probe.Target);
        await attack(guard).ConfigureAwait(false);
        cpu = (guard._gauge?.CpuSeconds ?? 0) - cpu;
        while (latency.Count < 10)
            await Task.Delay(20, probe.Cancellation).ConfigureAwait(false);
        var (p99, failures) = latency.Finish();
        var peak = (guard._gauge?.Peak ?? 0) - baseline;
        await probe.DisposeAsync().ConfigureAwait(false);
        guard.Note(peak, cpu, p99, unloaded);
        guard.JudgeProbe(p99, unloaded, failures);
        await guard.AwaitRelease(before).ConfigureAwait(false);
        if (guard._gauge is null)
            return;
        guard.JudgeCpu(cpu);
        if (peak > guard.Memory)
            throw new MeasureExceededException($"at most {Mebi(guard.Memory)} more memory", $"{Mebi(peak)} more");
        await guard.AwaitReturnAsync(baseline).ConfigureAwait(false);
    }

    /// <summary>Sends ordinary requests until the server has warmed up, then measures the latency of an undisturbed client.</summary>
    private async Task<double> SettleAsync()
    {
        if (_gauge is not null)
            await WarmUp.RunAsync(_gauge, _probe.Another).ConfigureAwait(false);
        return await MeasureAsync(_probe.Target, Warm).ConfigureAwait(false);
    }

    private async Task<LoadReading?> ReadLoadAsync() => _probe.Target.Resources.Load is { } path
        ? await LoadReading.TakeAsync(_probe, path).ConfigureAwait(false)
        : null;

    /// <summary>Waits until the server has given up the attacker's streams, handlers, buffers and timers.</summary>
    private async Task AwaitRelease(LoadReading? before)
    {
        var started = Stopwatch.GetTimestamp();
        while (before is not null && await ReadLoadAsync().ConfigureAwait(false) is { } now && now.ExcessOver(before) is { } excess)
        {
            if (Stopwatch.GetElapsedTime(started) > GivenUp)
                throw Probe.Fail("everything of the attacker's to be given up within 1 s", excess);
            await Task.Delay(20, _probe.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The 99th percentile of the latency, in milliseconds, of a client while no attack goes on.</summary>
    private static async Task<double> MeasureAsync(ConformanceTarget target, TimeSpan time)
    {
        // The first requests include work that the server does only once, so they are not counted.
        using (new LatencyProbe(target))
            await Task.Delay(time).ConfigureAwait(false);
        using var latency = new LatencyProbe(target);
        await Task.Delay(time).ConfigureAwait(false);
        return latency.Finish().P99;
    }

    private void Note(long peak, double cpu, double p99, double unloaded)
    {
        _probe.Measured.Add(string.Create(CultureInfo.InvariantCulture, $"probe p99 {p99:0.0} ms (unloaded {unloaded:0.0} ms)"));
        if (_gauge is null)
            return;
        _probe.Measured.Add($"memory +{Mebi(Math.Max(0, peak))}");
        _probe.Measured.Add(string.Create(CultureInfo.InvariantCulture, $"CPU {cpu:0.00} s"));
    }

    private void JudgeProbe(double p99, double unloaded, IReadOnlyList<string> failures)
    {
        if (failures.Count > 0)
            throw Probe.Fail("every request of another client to be answered", $"{failures.Count} failed: {failures[0]}");
        var bar = Math.Max(SlowestAllowed, 3 * unloaded);
        if (p99 > bar && _probe.Options.JudgeLatency)
            throw new MeasureExceededException(Text($"another client's p99 within {bar:0} ms"), Text($"p99 {p99:0} ms"));
    }

    private void JudgeCpu(double cpu)
    {
        var bar = Math.Max(0.3, 0.5 * IgnorableMillions);
        if (IgnorableMillions > 0 && cpu > bar)
            throw Probe.Fail(Text($"at most {bar:0.0} CPU seconds for {IgnorableMillions:0.0} million frames"),
                Text($"{cpu:0.0} CPU seconds"));
    }

    /// <summary>
    /// Waits until nearly all added memory is given back. Ordinary requests go on meanwhile, because a garbage collector may run only when
    /// something is allocated.
    /// </summary>
    private async Task AwaitReturnAsync(long baseline)
    {
        var until = DateTime.UtcNow + Return;
        while (_gauge!.Resident - baseline > ReturnAllowance)
        {
            if (DateTime.UtcNow > until)
                throw new MeasureExceededException($"memory back within {Mebi(ReturnAllowance)} of before", $"+{Mebi(_gauge.Resident - baseline)}");
            await WarmUp.AskAsync(_probe.Another, TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        }
    }

    private static string Mebi(long octets) => Text($"{octets / 1048576.0:0.0} MiB");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
