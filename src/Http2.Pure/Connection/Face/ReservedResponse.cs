namespace Http2.Pure;

/// <summary>A response that was written but for its body.</summary>
/// <param name="Body">Where the body goes.</param>
/// <param name="Next">The next state, once the body is filled.</param>
public readonly record struct ReservedResponse(ReservedBody Body, ConnectionState Next);
