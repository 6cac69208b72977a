using System.Collections.Concurrent;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Hands what the server sees to the trace of each connection. Thread-safe.</summary>
internal sealed class TraceTap(OutputQueue output, bool printsFrames, TerminalStyle style) : Http2FrameTap
{
    private readonly ConcurrentDictionary<long, ConnectionTrace> _traces = new();

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection) =>
        _traces[connection.Id] = new ConnectionTrace(connection, output, printsFrames, style);

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        if (_traces.TryGetValue(connection.Id, out var trace))
            trace.Received(octets);
    }

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        if (_traces.TryGetValue(connection.Id, out var trace))
            trace.Sent(octets);
    }

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection)
    {
        if (_traces.TryRemove(connection.Id, out var trace))
            trace.Closed();
    }
}
