namespace Http2.Pure;

/// <summary>The body of a response that is sent with its head, or the first part of it.</summary>
/// <param name="Octets">The octets; there may be none.</param>
/// <param name="EndStream">Whether that is all of the body, and no trailers follow.</param>
public readonly record struct OutboundBody(ReadOnlyMemory<byte> Octets, bool EndStream);
