using System.Globalization;
using System.Text.Json;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>A result as JSON. Times are in microseconds.</summary>
internal static class LoadJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Stream output, LoadResult result)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber(LoadFigures.VersionName, LoadFigures.Version);
        json.WriteString("url", result.Options.Origin.ToString());
        WriteOptions(json, result.Options);
        json.WriteNumber("seconds", Math.Round(result.Took.TotalSeconds, 6));
        json.WriteNumber("requestsPerSecond", Math.Round(result.Rate, 3));
        json.WriteNumber("octetsPerSecond", Math.Round(result.OctetRate, 3));
        WriteCounts(json, result);
        json.WriteStartObject("traffic");
        json.WriteNumber("total", result.Octets.All);
        json.WriteNumber("headers", result.Octets.Blocks);
        json.WriteNumber("headersDecoded", result.Tally.FieldOctets);
        json.WriteNumber("data", result.Tally.DataOctets);
        json.WriteEndObject();
        WriteTimes(json, "latency", result.Tally.Latency, withBuckets: true);
        WriteTimes(json, "connect", result.Connecting, withBuckets: false);
        WriteTimes(json, "firstByte", result.First, withBuckets: false);
        json.WriteStartArray("clientRequestsPerSecond");
        foreach (var rate in result.ClientRates)
            json.WriteNumberValue(Math.Round(rate, 3));
        json.WriteEndArray();
        WriteCounts(json, "failures", result.Complaints.Select(complaint => (complaint.What, complaint.Count)));
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, LoadOptions options)
    {
        json.WriteStartObject("options");
        if (options.Duration is { } duration)
            json.WriteNumber("duration", duration.TotalSeconds);
        else
            json.WriteNumber("requests", options.Count);
        json.WriteNumber("clients", options.Clients);
        json.WriteNumber("threads", options.Threads);
        json.WriteNumber("streams", options.Streams);
        if (options.Rate is { } rate)
            json.WriteNumber("rps", rate);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, LoadResult result)
    {
        var tally = result.Tally;
        WriteCounts(json, "requests",
        [
            ("total", result.Total), ("started", result.Started), ("done", tally.Done), ("succeeded", tally.Succeeded), ("failed", tally.Failed),
            ("errored", tally.Errored), ("timedOut", tally.TimedOut), ("cancelled", tally.Cancelled), ("sentAgain", tally.SentAgain),
            ("behind", result.Behind),
        ]);
        WriteCounts(json, "statusCodes", tally.Statuses.Select(status => (status.Key.ToString(CultureInfo.InvariantCulture), status.Value)));
        WriteCounts(json, "resets", tally.Resets.Select(code => (WireNames.Of(code.Key), code.Value)));
        WriteCounts(json, "grpcStatuses", tally.GrpcStatuses.Select(status => (status.Key, status.Value)));
        json.WriteNumber("connectionsFailed", result.ConnectionsFailed);
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<(string Name, long Count)> counts)
    {
        json.WriteStartObject(name);
        foreach (var (what, count) in counts)
            json.WriteNumber(what, count);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, Histogram times, bool withBuckets)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", times.Count);
        json.WriteNumber("min", Microseconds(times.Least));
        json.WriteNumber("max", Microseconds(times.Most));
        json.WriteNumber("mean", Microseconds(times.Mean));
        json.WriteNumber("sd", Microseconds(times.Deviation));
        foreach (var percent in LoadText.Percentiles)
            json.WriteNumber(string.Create(CultureInfo.InvariantCulture, $"p{percent}"), Microseconds(times.Percentile(percent)));
        if (withBuckets)
        {
            json.WriteStartArray("histogram");
            foreach (var row in HistogramText.Rows(times))
            {
                json.WriteStartObject();
                json.WriteNumber("from", Microseconds(row.From));
                json.WriteNumber("to", Microseconds(row.To));
                json.WriteNumber("count", row.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static double Microseconds(double nanoseconds) => Math.Round(nanoseconds / 1000, 3);
}
