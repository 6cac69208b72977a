namespace Http2.Pure;

/// <summary>What a field block that is complete belongs to.</summary>
/// <param name="Id">The stream that its frames came on.</param>
/// <param name="EndStream">Whether HEADERS had END_STREAM.</param>
/// <param name="Promised">The promised stream when PUSH_PROMISE began the block, otherwise 0.</param>
internal readonly record struct BlockTarget(StreamId Id, bool EndStream, StreamId Promised);
