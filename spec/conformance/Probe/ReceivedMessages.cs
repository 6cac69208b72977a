using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What came, stream by stream. Field blocks of all streams go into one history, since they share one table.</summary>
internal sealed class ReceivedMessages
{
    private readonly Dictionary<uint, ReceivedStream> _streams = [];
    private uint _blockStream;

    /// <summary>The field blocks received so far.</summary>
    public FieldHistory History { get; } = new();

    /// <summary>What came on a stream so far.</summary>
    public ReceivedStream On(uint streamId)
    {
        if (!_streams.TryGetValue(streamId, out var stream))
            _streams.Add(streamId, stream = new ReceivedStream(History));
        return stream;
    }

    /// <summary>Notes what a frame means for its stream.</summary>
    public void Take(in WireFrame frame)
    {
        if (frame.Type is FrameType.Headers or FrameType.PushPromise or FrameType.Continuation)
        {
            if (frame.Type != FrameType.Continuation)
                _blockStream = frame.Type == FrameType.Headers ? frame.StreamId : frame.NamedStream;
            if (History.Add(frame) is { } block)
                On(_blockStream).AddSection(block);
        }
        if (frame.StreamId != 0)
            On(frame.StreamId).Take(frame);
    }
}
