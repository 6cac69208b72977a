using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>All cases, in the order in which they run, and the headings of their sections.</summary>
internal static class CaseCatalog
{
    public static ImmutableArray<ConformanceCase> All { get; } = [.. H2Spec(), .. Beyond()];

    private static IEnumerable<ConformanceCase> H2Spec() =>
    [
        .. Sorted(GenericStreams.Cases, GenericFrames.Cases, GenericHpack.Cases),
        .. Sorted(
            Http2Section3To4.Cases, Http2Section5.Cases, Http2Section6Streams.Cases, Http2Section6Connection.Cases,
            Http2Section6FlowControl.Cases, Http2Section7To8.Cases),
        .. Sorted(HpackCases.Cases),
    ];

    private static IEnumerable<ConformanceCase> Beyond() =>
    [
        .. Sorted(FieldCases.Cases), .. Sorted(RequestCases.Cases, OriginCases.Cases), .. Sorted(MessageCases.Cases),
        .. Sorted(FrameRuleCases.Cases, FrameSizeCases.Cases), .. Sorted(StreamCases.Cases),
            .. Sorted(SettingsCases.Cases), .. Sorted(FlowCases.Cases),
        .. Sorted(CompressionCases.Cases), .. Sorted(PriorityCases.Cases), .. Sorted(WebSocketCases.Cases), .. Sorted(PushCases.Cases),
        .. Sorted(TlsCases.Cases), .. Sorted(ShutdownCases.Cases), .. Sorted(HonestCases.Cases),
        .. Sorted(
            AbuseStreams.Cases, AbuseFields.Cases, AbuseControl.Cases, AbuseFlow.Cases, AbuseTime.Cases, AbuseTls.Cases, AbuseCrowds.Cases),
    ];

    private static IEnumerable<ConformanceCase> Sorted(params IEnumerable<ConformanceCase>[] parts) =>
        parts.SelectMany(part => part).OrderBy(@case => @case.Section, SectionOrder.Instance).ThenBy(@case => @case.Number);
}

/// <summary>Orders sections number by number, so that 6.10 comes after 6.9.</summary>
internal sealed class SectionOrder : IComparer<string>
{
    public static SectionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = (x ?? "").Split('.');
        var right = (y ?? "").Split('.');
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = int.TryParse(left[i], out var a) && int.TryParse(right[i], out var b)
                ? a.CompareTo(b)
                : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }
}
