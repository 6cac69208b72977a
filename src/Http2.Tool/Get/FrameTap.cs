using System.Collections.Concurrent;
using System.Diagnostics;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Cuts what a client's connections send and receive into frames. Thread-safe.</summary>
internal abstract class FrameTap : Http2FrameTap
{
    private readonly ConcurrentDictionary<long, FramePair> _connections = new();

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection) => _connections[connection.Id] = new FramePair(
        frame => Take(connection, new SeenFrame(Stopwatch.GetTimestamp(), IsReceived: false, frame)),
        frame => Take(connection, new SeenFrame(Stopwatch.GetTimestamp(), IsReceived: true, frame)));

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => _connections[connection.Id].FromServer(octets);

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => _connections[connection.Id].FromClient(octets);

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection) => _connections.TryRemove(connection.Id, out _);

    /// <summary>Gets each frame.</summary>
    protected abstract void Take(Http2ConnectionInfo connection, SeenFrame seen);
}
