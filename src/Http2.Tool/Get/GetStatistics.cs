using System.Diagnostics;
using System.Globalization;

namespace Http2.Tool;

/// <summary>When each response came and how large it is, as <c>nghttp -s</c> shows it.</summary>
internal static class GetStatistics
{
    /// <summary>The lines, in the order in which responses were complete.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Visit> visits)
    {
        yield return "***** Statistics *****";
        yield return "";
        yield return "responseEnd and requestStart count from when the connection was made; an asterisk marks a push.";
        yield return "";
        yield return "  id  responseEnd requestStart      process code      size path";
        foreach (var visit in visits.OrderBy(visit => visit.Ended))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{visit.Stream.StreamId.Value,4} {Since(visit, visit.Ended),12} {(visit.Stream.IsPushed ? "*" : "") + Since(visit, visit.Began),12} "
                + $"{Time(visit.Took),12} {visit.Head!.Status,4} {Units.Size(visit.Octets),9} {visit.Url.PathAndQuery}");
        }
    }

    private static string Since(Visit visit, long at) => "+" + Time(Stopwatch.GetElapsedTime(visit.Connected, at));

    private static string Time(TimeSpan time) => Units.Time(time.TotalNanoseconds).Replace(" ", "", StringComparison.Ordinal);
}
