using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The fields of a request that was judged and found fit to be sent (RFC 9113 §8.2, §8.3), so that it can be sent any number of times, on any
/// connection, without being judged again. Immutable, thread-safe.
/// </summary>
public sealed class PreparedRequest
{
    private PreparedRequest(ImmutableArray<HeaderField> fields, OutboundRequest request) => (Fields, Request) = (fields, request);

    /// <summary>The fields, pseudo-fields first.</summary>
    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>What its answer depends on.</summary>
    internal OutboundRequest Request { get; }

    /// <summary>Judges a request.</summary>
    /// <param name="fields">The request, its pseudo-fields first.</param>
    /// <param name="request">The request; null when it may not be sent.</param>
    /// <returns>Whether it may be sent; an extended CONNECT (RFC 8441) may be only where the server takes those, which is judged when it is sent.</returns>
    public static bool TryPrepare(ImmutableArray<HeaderField> fields, [NotNullWhen(true)] out PreparedRequest? request)
    {
        var rule = OutboundRules.JudgeRequest(fields.AsSpan(), endStream: false, extendedConnect: true, out var judged);
        request = rule is null ? new PreparedRequest(fields, judged) : null;
        return rule is null;
    }
}
