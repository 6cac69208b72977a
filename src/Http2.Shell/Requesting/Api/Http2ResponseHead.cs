namespace Http2.Shell;

/// <summary>The head of a response that came: of the final one, or of an informational one (RFC 9110 §15.2). Immutable, thread-safe.</summary>
/// <param name="Status">100 to 999; a status of 600 or more is to be treated like 500 (RFC 9110 §15).</param>
/// <param name="Headers">The header fields, without pseudo-fields.</param>
public sealed record Http2ResponseHead(int Status, Http2Headers Headers)
{
    /// <summary>The octets that the body has by its <c>content-length</c> field (RFC 9110 §8.6), or null when it declares none.</summary>
    public long? ContentLength { get; init; }
}
