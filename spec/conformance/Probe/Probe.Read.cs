using Http2.Pure;

namespace Http2.Conformance;

/// <content>What the probe reads, and the duties it fulfils while it reads.</content>
internal sealed partial class Probe
{
    private readonly Dictionary<uint, int> _windows = new() { [0] = DefaultWindow };

    private readonly Dictionary<uint, Response> _responses = [];
    private uint _blockStream;

    /// <summary>The field blocks received so far.</summary>
    public FieldHistory History { get; } = new();

    /// <summary>Whether what comes is kept by stream; a flood has no use for it.</summary>
    public bool Records { get; set; } = true;

    /// <summary>What came back on a stream so far.</summary>
    public Response On(uint streamId)
    {
        if (!_responses.TryGetValue(streamId, out var response))
            _responses.Add(streamId, response = new Response(History));
        return response;
    }

    /// <summary>Whether received DATA is paid for with WINDOW_UPDATE, as a client that reads does (RFC 9113 §5.2).</summary>
    public bool GrantsWindow { get; set; } = true;

    /// <summary>Whether the server has ended the connection or said with GOAWAY that it will.</summary>
    public bool IsGoingAway { get; private set; }

    /// <summary>Sends what was gathered, then reads one frame. After anything but a frame the connection counts as ended.</summary>
    public async Task<(ReadOutcome Outcome, WireFrame Frame)> Next(TimeSpan? timeout = null)
    {
        await Flush().ConfigureAwait(false);
        await Connect().ConfigureAwait(false);
        var (outcome, frame) = await _reader!.ReadAsync(timeout ?? Timeout, _cancellation).ConfigureAwait(false);
        if (outcome != ReadOutcome.Frame)
        {
            Ended |= outcome != ReadOutcome.TimedOut || timeout is null;
            IsGoingAway |= outcome != ReadOutcome.TimedOut;
            Trace.Note(Describe(outcome));
            return (outcome, frame);
        }
        Trace.Received(frame);
        if (Records)
            Record(frame);
        switch (frame.Type)
        {
            case FrameType.WindowUpdate when frame.StreamId == 0:
                ConnectionCredit += frame.Increment;
                break;
            case FrameType.WindowUpdate:
                _credit[frame.StreamId] = _credit.GetValueOrDefault(frame.StreamId) + frame.Increment;
                break;
            case FrameType.GoAway:
                IsGoingAway = true;
                break;
            case FrameType.Data when GrantsWindow:
                Grant(frame);
                break;
            case FrameType.Settings when !frame.IsAck:
                _peerSettings.AddRange(frame.Settings);
                break;
        }
        return (outcome, frame);
    }

    /// <summary>Reads octets that are no frames: at least so many, or what there is when the server closes or the time is up.</summary>
    public async Task<byte[]> ReadOctets(int count, TimeSpan timeout)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(timeout);
        var octets = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (octets.Count < count)
            {
                var read = await Connection.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                octets.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            // What came in time is judged.
        }
        return [.. octets];
    }

    /// <summary>What arrived and is not a whole frame: of use when the server did not speak HTTP/2.</summary>
    public string Unframed => _reader is null ? ""
        : System.Text.Encoding.Latin1.GetString(_reader.Rest.Span[..Math.Min(80, _reader.Rest.Length)]);

    /// <summary>
    /// Notes what a frame means for its stream; field blocks of all streams go into the history, since they share one table.
    /// </summary>
    private void Record(in WireFrame frame)
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

    private void Grant(in WireFrame frame)
    {
        Spend(frame.StreamId, frame.Length);
        Spend(0, frame.Length);
    }

    private void Spend(uint streamId, int octets)
    {
        var left = _windows.GetValueOrDefault(streamId, DefaultWindow) - octets;
        if (left <= 0)
        {
            WindowUpdate(streamId, (uint)(DefaultWindow - left));
            left = DefaultWindow;
        }
        _windows[streamId] = left;
    }
}
