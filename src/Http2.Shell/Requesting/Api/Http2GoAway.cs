using Http2.Pure;

namespace Http2.Shell;

/// <summary>What a server said with GOAWAY (RFC 9113 §6.8). Immutable.</summary>
/// <param name="LastStreamId">The last request that it may have worked on; those behind it were not processed.</param>
/// <param name="Code">Why it goes away.</param>
/// <param name="Debug">Its debug data as text, cut to 256 octets; octets that cannot be shown are replaced.</param>
public sealed record Http2GoAway(StreamId LastStreamId, ErrorCode Code, string Debug);
