using System.Collections.Immutable;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>The cases for servers, or those for clients.</summary>
/// <param name="Cases">All of them.</param>
/// <param name="Select">Those that options ask for.</param>
internal sealed record SpecSuite(ImmutableArray<ConformanceCase> Cases, Func<ConformanceOptions, ImmutableArray<ConformanceCase>> Select)
{
    public static SpecSuite Servers { get; } = new(ConformanceSuite.Cases, ConformanceSuite.Select);

    public static SpecSuite Clients { get; } = new(ClientSuite.Cases, ClientSuite.Select);

    /// <summary>Whether a selector matches a case.</summary>
    public bool Has(string selector) => !Select(new ConformanceOptions { Selectors = [selector], Strict = true }).IsEmpty;
}
