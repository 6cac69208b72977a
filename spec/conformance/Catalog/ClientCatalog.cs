using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>All cases that judge clients, in the order in which they run.</summary>
internal static class ClientCatalog
{
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        .. Sorted(ClientPrefaceCases.Cases), .. Sorted(ClientFrameCases.Cases, ClientFrameTypeCases.Cases), .. Sorted(ClientStreamCases.Cases),
        .. Sorted(ClientSettingsCases.Cases), .. Sorted(ClientConnectionCases.Cases), .. Sorted(ClientFlowCases.Cases),
        .. Sorted(ClientCompressionCases.Cases), .. Sorted(ClientRequestCases.Cases), .. Sorted(ClientResponseCases.Cases),
        .. Sorted(ClientMessageCases.Cases), .. Sorted(ClientPushCases.Cases), .. Sorted(ClientExtensionCases.Cases), .. Sorted(ClientTlsCases.Cases),
        .. Sorted(ClientHostileCases.Cases),
    ];

    private static IEnumerable<ConformanceCase> Sorted(params IEnumerable<ConformanceCase>[] parts) =>
        parts.SelectMany(part => part).OrderBy(@case => @case.Section, SectionOrder.Instance).ThenBy(@case => @case.Number);
}
