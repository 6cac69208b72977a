using System.Globalization;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>A result as people read it: the lines of h2load, then percentiles and a histogram.</summary>
/// <param name="result">The result.</param>
/// <param name="style">Colours.</param>
internal sealed class LoadText(LoadResult result, TerminalStyle style)
{
    private const double Nano = 1e9;

    /// <summary>The percentiles that are shown.</summary>
    public static IReadOnlyList<double> Percentiles { get; } = [50, 75, 90, 95, 99, 99.9, 99.99];

    /// <summary>Writes it.</summary>
    public void Write(TextWriter output)
    {
        foreach (var line in Lines())
            output.WriteLine(line);
    }

    /// <summary>The lines.</summary>
    public IEnumerable<string> Lines()
    {
        var (tally, octets) = (result.Tally, result.Octets);
        yield return "";
        yield return style.Bold(string.Create(
            CultureInfo.InvariantCulture,
            $"finished in {Units.Time(result.Took.TotalSeconds * Nano)}, {result.Rate:0.00} req/s, {Units.Size(result.OctetRate)}/s"));
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"requests: {result.Total} total, {result.Started} started, {tally.Done} done, {tally.Succeeded} succeeded, {tally.Failed} failed, "
            + $"{tally.Errored} errored, {tally.TimedOut} timeout{(tally.Cancelled > 0 ? Text($", {tally.Cancelled} cancelled") : "")}");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"status codes: {result.StatusClass(2)} 2xx, {result.StatusClass(3)} 3xx, {result.StatusClass(4)} 4xx, {result.StatusClass(5)} 5xx");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"traffic: {Units.Size(octets.All)} ({octets.All}) total, {Units.Size(octets.Blocks)} ({octets.Blocks}) headers "
            + $"(space savings {Savings():0.00}%), {Units.Size(tally.DataOctets)} ({tally.DataOctets}) data");
        foreach (var line in Ends().Concat(Table()).Concat(Latency()))
            yield return line;
        foreach (var (what, count) in result.Complaints)
            yield return style.Yellow($"{Units.Count(count)} times: {what}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double Savings() => result.Tally.FieldOctets == 0 ? 0 : 100 * (1 - ((double)result.Octets.Blocks / result.Tally.FieldOctets));

    // What not every run has.
    private IEnumerable<string> Ends()
    {
        var tally = result.Tally;
        if (tally.Resets.Count > 0)
            yield return $"resets: {string.Join(", ", tally.Resets.OrderByDescending(code => code.Value).Select(code => $"{code.Value} {WireNames.Of(code.Key)}"))}";
        if (tally.GrpcStatuses.Count > 0)
            yield return $"grpc-status: {string.Join(", ", tally.GrpcStatuses.OrderByDescending(status => status.Value).Select(status => $"{status.Value} {(status.Key.Length > 0 ? status.Key : "none")}"))}";
        if (tally.SentAgain > 0)
            yield return Text($"sent again: {tally.SentAgain} that a server going away did not process");
        if (result.ConnectionsFailed > 0)
            yield return Text($"connections: {result.ConnectionsFailed} failed");
        if (result.Behind > 0)
            yield return style.Yellow(Text($"behind: {result.Behind} requests were due and not sent when the run was over"));
        if (result.Options.Rate is not null || result.Options.IsScripted)
            yield return Text($"lateness of this process: at most {Units.Time(result.Lateness.TotalSeconds * Nano)}");
    }

    private IEnumerable<string> Table()
    {
        yield return "                     min         max         mean         sd        +/- sd";
        yield return Row("request", result.Tally.Latency);
        yield return Row("connect", result.Connecting);
        yield return Row("1st byte", result.First);
        yield return Rates();
    }

    private static string Row(string name, Histogram times) => string.Create(
        CultureInfo.InvariantCulture,
        $"time for {name,-9}: {Cell(times.Least)} {Cell(times.Most)} {Cell(times.Mean)} {Cell(times.Deviation)} {100 * times.ShareWithinDeviation(),8:0.00}%");

    private string Rates()
    {
        // The histogram counts whole numbers, so rates go in as thousandths.
        var rates = new Histogram();
        foreach (var rate in result.ClientRates)
            rates.Add((long)(rate * 1000));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"req/s             : {rates.Least / 1000.0,10:0.00} {rates.Most / 1000.0,11:0.00} {rates.Mean / 1000,11:0.00} "
            + $"{rates.Deviation / 1000,11:0.00} {100 * rates.ShareWithinDeviation(),8:0.00}%");
    }

    private static string Cell(double nanoseconds) => Units.Time(nanoseconds).Replace(" ", "", StringComparison.Ordinal).PadLeft(10) + " ";

    private IEnumerable<string> Latency()
    {
        var times = result.Tally.Latency;
        if (times.Count == 0)
            yield break;
        yield return "";
        yield return style.Bold(result.Options.Rate is null && !result.Options.IsScripted ? "latency" : "latency, from when each request was due");
        yield return string.Join("  ", Percentiles.Select(percent => Text($"p{percent} {Units.Time(times.Percentile(percent))}")));
        foreach (var line in HistogramText.Lines(times))
            yield return style.Dim(line);
    }
}
