using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The windows that the server gives us (RFC 9113 §5.2): what may be sent on the connection and on each stream.</summary>
internal sealed class PeerWindows
{
    /// <summary>The window that a connection and, until SETTINGS say otherwise, a stream starts with (RFC 9113 §6.9.2).</summary>
    public const int Initial = 65535;

    /// <summary>What WINDOW_UPDATE gave to each stream less what was sent on it; the initial window comes on top.</summary>
    private readonly Dictionary<uint, long> _streams = [];

    /// <summary>What may still be sent on the connection, in octets. A case that sends DATA frames by hand lowers it itself.</summary>
    public long Connection { get; set; } = Initial;

    /// <summary>What may still be sent on a stream, in octets, with the initial window that the server's SETTINGS announced.</summary>
    public long Of(uint streamId, long initial) => _streams.GetValueOrDefault(streamId) + initial;

    /// <summary>Notes a WINDOW_UPDATE.</summary>
    public void Take(in WireFrame update)
    {
        if (update.StreamId == 0)
            Connection += update.Increment;
        else
            _streams[update.StreamId] = _streams.GetValueOrDefault(update.StreamId) + update.Increment;
    }

    /// <summary>Notes octets of DATA that were sent.</summary>
    public void Spend(uint streamId, int octets)
    {
        _streams[streamId] = _streams.GetValueOrDefault(streamId) - octets;
        Connection -= octets;
    }
}
