using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>Matches selectors with cases: a group, a section with all below it, or an identifier.</summary>
internal static class Selector
{
    public static bool Matches(string selector, ConformanceCase @case)
    {
        var parts = selector.Trim('/').Split('/');
        return parts.Length switch
        {
            1 => parts[0] == @case.Group,
            2 => parts[0] == @case.Group && Covers(parts[1], @case.Section),
            3 => selector.Trim('/') == @case.Id,
            _ => false,
        };
    }

    public static bool MatchesAny(IReadOnlyList<string> selectors, ConformanceCase @case)
    {
        foreach (var selector in selectors)
        {
            if (Matches(selector, @case))
                return true;
        }
        return false;
    }

    /// <summary>The cases that a run consists of.</summary>
    public static ImmutableArray<ConformanceCase> Select(ImmutableArray<ConformanceCase> cases, ConformanceOptions options) =>
    [
        .. cases.Where(@case =>
            (options.Strict || !@case.StrictOnly)
            && (options.Selectors.IsEmpty ? !@case.IsAbuse : MatchesAny(options.Selectors, @case))
            && !MatchesAny(options.Excludes, @case)),
    ];

    private static bool Covers(string section, string other) =>
        other == section || (other.StartsWith(section, StringComparison.Ordinal) && other[section.Length] == '.');
}
