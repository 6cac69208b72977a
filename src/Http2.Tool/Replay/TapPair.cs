using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Joins two taps into one. Both are told of every frame, and of the end of the connection even when the other tap throws there. Only the second is
/// told of inputs.
/// </summary>
internal sealed class TapPair(Http2FrameTap first, Http2FrameTap second) : Http2FrameTap
{
    /// <inheritdoc/>
    public override bool TakesInputs => second.TakesInputs;

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection)
    {
        first.Opened(connection);
        second.Opened(connection);
    }

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        first.Received(connection, octets);
        second.Received(connection, octets);
    }

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        first.Sent(connection, octets);
        second.Sent(connection, octets);
    }

    /// <inheritdoc/>
    public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now) =>
        second.Started(connection, role, options, now);

    /// <inheritdoc/>
    public override void Input(Http2ConnectionInfo connection, Input input) => second.Input(connection, input);

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection)
    {
        try
        {
            first.Closed(connection);
        }
        finally
        {
            second.Closed(connection);
        }
    }
}
