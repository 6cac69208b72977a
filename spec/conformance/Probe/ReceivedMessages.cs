using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What came back, stream by stream. Field blocks of all streams go into one history, since they share one table.</summary>
internal sealed class ReceivedMessages
{
    private readonly Dictionary<uint, Response> _responses = [];
    private uint _blockStream;

    /// <summary>The field blocks received so far.</summary>
    public FieldHistory History { get; } = new();

    /// <summary>What came back on a stream so far.</summary>
    public Response On(uint streamId)
    {
        if (!_responses.TryGetValue(streamId, out var response))
            _responses.Add(streamId, response = new Response(History));
        return response;
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
