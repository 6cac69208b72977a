using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// Cuts both directions of a connection into frames, and keeps the compression states of both in step with the settings that they agree on. Not
/// thread-safe.
/// </summary>
internal sealed class FramePair
{
    private readonly FrameReader _client = new(isClient: true);
    private readonly FrameReader _server = new(isClient: false);

    // The table sizes that each end has announced and the other has not acknowledged; null for SETTINGS that say nothing of it.
    private readonly Queue<uint?> _clientTableSizes = new();
    private readonly Queue<uint?> _serverTableSizes = new();
    private readonly Action<TracedFrame> _onClient, _onServer;

    /// <param name="ofClient">Gets each frame of the client.</param>
    /// <param name="ofServer">Gets each frame of the server.</param>
    public FramePair(Action<TracedFrame> ofClient, Action<TracedFrame> ofServer)
    {
        _onClient = frame =>
        {
            ofClient(frame);
            OnSettings(frame, of: _clientTableSizes, acknowledged: _serverTableSizes, sender: _client);
        };
        _onServer = frame =>
        {
            ofServer(frame);
            OnSettings(frame, of: _serverTableSizes, acknowledged: _clientTableSizes, sender: _server);
        };
    }

    /// <summary>Whether the octets of the client are not HTTP/2; all further octets are ignored then.</summary>
    public bool IsForeign => _client.IsForeign;

    /// <summary>Takes octets of the client.</summary>
    public void FromClient(ReadOnlySpan<byte> octets) => _client.Read(octets, _onClient);

    /// <summary>Takes octets of the server.</summary>
    public void FromServer(ReadOnlySpan<byte> octets)
    {
        if (!_client.IsForeign)
            _server.Read(octets, _onServer);
    }

    // RFC 9113 §4.3.1: whoever acknowledges a table size encodes by it from then on.
    private static void OnSettings(in TracedFrame frame, Queue<uint?> of, Queue<uint?> acknowledged, FrameReader sender)
    {
        if (frame.Header.Type != FrameType.Settings)
            return;
        if (!frame.Header.Has(FrameFlags.Ack))
        {
            uint? size = null;
            var settings = new SettingsPayload(frame.Payload);
            for (var i = 0; i < settings.Count; i++)
                size = settings[i].Id == SettingId.HeaderTableSize ? settings[i].Value : size;
            of.Enqueue(size);
        }
        else if (acknowledged.TryDequeue(out var size) && size is { } known)
        {
            sender.SetTableSize(known);
        }
    }
}
