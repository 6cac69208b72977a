using System.Diagnostics;
using System.Globalization;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// Makes a line of each request from the frames of its connection, so that what the protocol did itself – resets, refusals, pushes – shows
/// too: address, method, path, status, octets of the response's body, time from its head to the end of the response. Not thread-safe.
/// </summary>
internal sealed class RequestLines(string client, OutputQueue output, TerminalStyle style)
{
    private readonly SortedDictionary<StreamId, Entry> _open = [];

    // The stream whose field block is not complete yet, and whether it was promised.
    private (StreamId Id, bool IsPushed, bool EndStream) _block;

    /// <summary>Takes a frame that came from the client.</summary>
    public void Received(in TracedFrame frame)
    {
        Begin(frame);
        // A section without a method is trailers, which may come after the line of the request was written.
        if (frame.Fields is { } fields && Value(fields, ":method") is not null)
            _open[_block.Id] = new Entry(fields, isPushed: false);
        else if (frame.Header.Type == FrameType.RstStream)
            End(frame.Header.StreamId, $"reset by the client: {Code(frame)}");
    }

    /// <summary>Takes a frame that goes to the client.</summary>
    public void Sent(in TracedFrame frame)
    {
        Begin(frame);
        var id = frame.Header.StreamId;
        if (frame.Fields is { } fields)
            OnFields(fields);
        else if (frame.Header.Type == FrameType.RstStream)
            End(id, $"reset: {Code(frame)}");
        else if (frame.Header.Type == FrameType.Data && _open.TryGetValue(id, out var entry))
            OnData(frame, entry);
    }

    /// <summary>Writes lines for the requests that were open when the connection ended.</summary>
    public void Closed()
    {
        foreach (var id in _open.Keys.ToArray())
            End(id, "connection closed");
    }

    private void Begin(in TracedFrame frame)
    {
        var header = frame.Header;
        if (header.Type == FrameType.Headers)
            _block = (header.StreamId, false, header.Has(FrameFlags.EndStream));
        else if (header.Type == FrameType.PushPromise && Parse<Frame.PushPromise>(frame) is { } promise)
            _block = (promise.Payload.Promised, true, false);
    }

    private void OnFields(IReadOnlyList<HeaderField> fields)
    {
        if (_block.IsPushed)
        {
            _open[_block.Id] = new Entry(fields, isPushed: true);
            return;
        }
        if (!_open.TryGetValue(_block.Id, out var entry))
            return;
        // Informational responses (1xx) and trailers do not give the final status.
        if (Value(fields, ":status") is { Length: 3 } status && status[0] != '1')
            entry.Status = status;
        if (_block.EndStream)
            End(_block.Id, null);
    }

    private void OnData(in TracedFrame frame, Entry entry)
    {
        entry.Octets += frame.Header.Has(FrameFlags.Padded) ? Parse<Frame.Data>(frame)?.Payload.Data.Length ?? 0 : frame.Header.Length;
        if (frame.Header.Has(FrameFlags.EndStream))
            End(frame.Header.StreamId, null);
    }

    private void End(StreamId id, string? trouble)
    {
        if (!_open.Remove(id, out var entry))
            return;
        var time = Stopwatch.GetElapsedTime(entry.Started).TotalMilliseconds;
        var rest = (entry.IsPushed ? " pushed" : "") + (trouble is null ? "" : " " + style.Red($"({trouble})"));
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{style.Dim(client)} {style.Bold(entry.Method)} {entry.Path} {Coloured(entry.Status)} {entry.Octets} B {time:0.00} ms{rest}"));
    }

    private string Coloured(string status) => status[0] switch
    {
        '2' => style.Green(status),
        '3' => style.Cyan(status),
        '4' => style.Yellow(status),
        _ => style.Red(status),
    };

    private static string Code(in TracedFrame frame) =>
        Parse<Frame.RstStream>(frame) is { } reset ? WireNames.Of(reset.Payload.Code) : "malformed";

    private static TFrame? Parse<TFrame>(in TracedFrame frame)
        where TFrame : Frame =>
        Frames.TryParsePayload(frame.Header, frame.Payload, FrameLimits.Default, out var parsed, out _) ? parsed as TFrame : null;

    private static string? Value(IReadOnlyList<HeaderField> fields, string name)
    {
        Octets wanted = name;
        foreach (var field in fields)
        {
            if (field.Name == wanted)
                return FrameText.Printable(field.Value.Span);
        }
        return null;
    }

    private sealed class Entry(IReadOnlyList<HeaderField> fields, bool isPushed)
    {
        public string Method { get; } = Value(fields, ":method") ?? "-";

        public string Path { get; } = Value(fields, ":path") ?? "-";

        public bool IsPushed => isPushed;

        public long Started { get; } = Stopwatch.GetTimestamp();

        public string Status { get; set; } = "-";

        public long Octets { get; set; }
    }
}
