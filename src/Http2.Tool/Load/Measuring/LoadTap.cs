using System.Collections.Concurrent;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Counts what comes on the wire. Thread-safe.</summary>
/// <param name="measured">When it counts.</param>
internal sealed class LoadTap(MeasuredTime measured) : Http2FrameTap
{
    private readonly ConcurrentDictionary<long, WireCounter> _counters = new();

    /// <summary>All octets that came.</summary>
    public long Octets => _counters.Values.Sum(counter => counter.Octets);

    /// <summary>Those of field blocks.</summary>
    public long BlockOctets => _counters.Values.Sum(counter => counter.BlockOctets);

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection) => _counters[connection.Id] = new WireCounter();

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) =>
        _counters[connection.Id].Take(octets, measured.IsOn);
}
