using System.Collections.Concurrent;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Records every connection into a folder, and keeps the recordings of those on which a request failed. A recording begins with its connection, so
/// all are written until it is known which are wanted. Thread-safe.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="inner">Another tap, which sees all frames, too.</param>
/// <param name="warn">Gets warnings, a line each.</param>
internal sealed class FailureRecordings(string directory, Http2FrameTap inner, Action<string> warn) : Http2FrameTap, IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _kept = new();
    private readonly RecordingTap _recording = new(directory, warn);

    /// <inheritdoc/>
    public override bool TakesInputs => true;

    /// <summary>The recording of a connection is kept.</summary>
    /// <param name="connection">The number of the connection.</param>
    public void Keep(long connection) => _kept.TryAdd(connection, true);

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection) => inner.Opened(connection);

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => inner.Received(connection, octets);

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => _recording.Sent(connection, octets);

    /// <inheritdoc/>
    public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now) =>
        _recording.Started(connection, role, options, now);

    /// <inheritdoc/>
    public override void Input(Http2ConnectionInfo connection, Input input) => _recording.Input(connection, input);

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection)
    {
        inner.Closed(connection);
        if (_kept.ContainsKey(connection.Id))
            _recording.Closed(connection);
        else
            _recording.Discard(connection);
    }

    /// <inheritdoc/>
    public void Dispose() => _recording.Dispose();
}
