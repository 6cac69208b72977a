namespace Http2.Tool;

/// <summary>A frame that a client has sent or received.</summary>
/// <param name="At">When, as ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="IsReceived">Whether it came from the server.</param>
/// <param name="Frame">The frame.</param>
internal readonly record struct SeenFrame(long At, bool IsReceived, TracedFrame Frame);
