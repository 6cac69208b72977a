using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Http2.Bench.Hpack;

/// <summary>Writes the page of results (docs/hpack-bench.md).</summary>
internal static class Report
{
    public static string Write(
        Corpus corpus, int rounds, Score[] deflate, Score[] inflate, LinearityRow[] linearity,
        (double Deflate, double Inflate, long Length)? python)
    {
        var page = new StringBuilder();
        Line(page, $"""
            # HPACK, side by side

            Made by `dotnet run -c Release --project bench/hpack`. The 32 raw stories of hpack-test-case: {corpus.Headers:N0} headers in
            {corpus.Blocks:N0} blocks, {corpus.Octets:N0} octets of names and values; a fresh codec for each story, tables of 4,096 octets.

            Contenders take turns story by story, {rounds} rounds; a turn is two passes over a story, of which the second counts, so that
            nobody waits for the story itself to come from memory. A figure is the median round, in processor time of the thread, garbage
            collections included (*best*: each story at its best). *Speed* is the median of the rounds' ratios to libnghttp2
            {NativeHpack.Version}, which is called without the runtime's transition to native code. All encode from the same list of
            pointers, but for the faces that take fields, and decode libnghttp2's blocks, and visit every field. The plain codec has rounds
            of its own with libnghttp2, a tenth of them, as its garbage would be collected in others' turns. The runtime compiles our code by
            the profile of these stories, as it would by that of a server's traffic; so it is with that code that long blocks are measured.
            {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors, shared
            with other work at the time.

            *Spans*: `BlockWriter.Write(name, value)`, `HpackDecoder.Decode` into an arena. *Kept fields*: `BlockWriter.Write(HeaderField)`,
            fields made beforehand, as a server keeps those it sends often. *Documented face*: `HpackEncoder.Encode`, and `Decode` to
            `Either<HpackError, Decoded>`.

            """);
        Table(page, "Deflate", deflate, python?.Deflate, "octets out");
        Table(page, "Inflate", inflate, python?.Inflate, "octets out");
        Compression(page, corpus, deflate, python?.Length);
        Line(page, $"""

            ## Linear in the block's length

            Nanoseconds an octet of a single block, by the block's length.

            | | {string.Join(" | ", Linearity.Lengths.Select(Length))} |
            |---|{string.Concat(Linearity.Lengths.Select(_ => "---:|"))}
            """);
        foreach (var row in linearity)
            Line(page, $"| {row.Kind} | {string.Join(" | ", row.Nanoseconds.Select(Hundredths))} |");
        return page.ToString();
    }

    private static void Compression(StringBuilder page, Corpus corpus, Score[] deflate, long? python)
    {
        Line(page, $"""
            ## Compression

            | encoder | octets | of names and values |
            |---|---:|---:|
            """);
        foreach (var score in deflate.Where(score => score.Name is "libnghttp2" or "ours, spans" or "plain mutable C#"))
            Line(page, $"| {score.Name} | {score.Result:N0} | {100.0 * score.Result / corpus.Octets:F2} % |");
        if (python is { } octets)
            Line(page, $"| python3-hpack | {octets:N0} | {100.0 * octets / corpus.Octets:F2} % |");
    }

    private static string Length(int length) => length >= 1 << 20 ? $"{length >> 20} MiB" : $"{length >> 10} KiB";

    private static string Hundredths(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static void Table(StringBuilder page, string title, Score[] scores, double? python, string result)
    {
        Line(page, $"""
            ## {title}

            | | ns/header | best | MB/s | allocated B/header | speed | {result} |
            |---|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var s in scores)
        {
            var (median, best, rate) = ($"{s.Median:F1}", $"{s.Best:F1}", $"{s.MegabytesPerSecond:F0}");
            Line(page, $"| {s.Name} | {median} | {best} | {rate} | {s.Allocated:F1} | {s.Speed:F2}x | {s.Result:N0} |");
        }
        if (python is { } time)
            Line(page, $"| python3-hpack | {time:F0} | | | | {scores[0].Median / time:F3}x | |");
        else
            Line(page, $"| python3-hpack | not installed | | | | | |");
        page.Append('\n');
    }

    private static void Line(StringBuilder page, FormattableString text) =>
        page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
