using System.Text.Json;

namespace Http2.Tool;

/// <summary>The figures of a run by which it is compared with another one.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P50">The median of the latency, in microseconds.</param>
/// <param name="P99">The latency that 99 percent do not exceed, in microseconds.</param>
/// <param name="FailedPercent">How many percent of the requests failed.</param>
internal sealed record LoadFigures(double Rate, double P50, double P99, double FailedPercent)
{
    /// <summary>What the version of the format is called in a result.</summary>
    public const string VersionName = "http2LoadResult";

    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>The figures of a result.</summary>
    public static LoadFigures Of(LoadResult result)
    {
        var (tally, latency) = (result.Tally, result.Tally.Latency);
        return new(result.Rate, latency.Percentile(50) / 1000.0, latency.Percentile(99) / 1000.0, Share(tally.Failed, result.Total));
    }

    /// <summary>Reads the figures of a result that was written as JSON.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or holds something else.</exception>
    public static LoadFigures Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(VersionName, out var version) || version.GetInt32() != Version)
                throw new UserErrorException($"option --compare: '{path}' holds no result of `http2 load --json`");
            var (requests, latency) = (root.GetProperty("requests"), root.GetProperty("latency"));
            return new(
                root.GetProperty("requestsPerSecond").GetDouble(), latency.GetProperty("p50").GetDouble(), latency.GetProperty("p99").GetDouble(),
                Share(requests.GetProperty("failed").GetInt64(), requests.GetProperty("total").GetInt64()));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --compare: cannot read '{path}': {failure.Message.TrimEnd('.')}");
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException($"option --compare: '{path}' holds no result of `http2 load --json`: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    private static double Share(long failed, long total) => total == 0 ? 0 : 100.0 * failed / total;
}
