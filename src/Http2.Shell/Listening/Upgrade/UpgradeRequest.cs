using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>A request of HTTP/1.1 that asks for HTTP/2 by Upgrade (RFC 7540 §3.2), understood and found to be sound.</summary>
/// <param name="Fields">The fields of the same request in HTTP/2.</param>
/// <param name="Settings">The payload of a SETTINGS frame: what the field HTTP2-Settings has.</param>
/// <param name="ContentLength">How many octets of content follow the head.</param>
/// <param name="ExpectsContinue">Whether the client sends the content only when it is told 100 (Continue).</param>
internal sealed record UpgradeRequest(ImmutableArray<HeaderField> Fields, ImmutableArray<byte> Settings, int ContentLength, bool ExpectsContinue);

/// <summary>What the head of a request of HTTP/1.1 comes to: an upgrade, or an answer that ends the connection.</summary>
/// <param name="Request">The upgrade, or null.</param>
/// <param name="Answer">The answer, or null.</param>
internal readonly record struct UpgradeVerdict(UpgradeRequest? Request, Http1Answer? Answer)
{
    /// <summary>The request asks for no upgrade that there is: it is told what to speak.</summary>
    public static UpgradeVerdict NotAsked => default;

    public static implicit operator UpgradeVerdict(Http1Answer answer) => new(null, answer);

    public static implicit operator UpgradeVerdict(UpgradeRequest request) => new(request, null);
}
