using System.Globalization;
using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>One step of a replay as text: the input, the frames that came and went, the events, the state.</summary>
internal static class ReplayText
{
    private const string Indent = "\n      ";
    private static readonly FrameLimits Limits = new(FrameHeader.MaxLength, int.MaxValue);

    /// <summary>The lines that show a step.</summary>
    public static string Of(int number, Recording recording, ReplayStep step)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{number,5} {step.Input.Match(Some: input => Of(input, recording), None: () => "open")}");
        step.Input.IfSome(input =>
        {
            if (input is Input.Received received)
                AppendFrames(text, "recv", received.Octets);
        });
        if (step.Refusal != Refusal.None)
            text.Append(Indent).Append("refused: ").Append(step.Refusal);
        AppendFrames(text, "send", step.Result.Output);
        foreach (var happened in step.Result.Events)
            text.Append(Indent).Append("event ").Append(Of(happened));
        return text.Append(Indent).Append("state ").Append(StateOf(step.Result.State, recording)).ToString();
    }

    private static string Of(Input input, Recording recording) => input switch
    {
        Input.Received received => $"received {received.Octets.Length} octets at {Time(received.Now, recording)}",
        Input.EndOfInput => "end of input",
        Input.Disconnected => "disconnected",
        Input.Tick tick => $"tick at {Time(tick.Now, recording)}",
        Input.Drain drain => $"drain up to {drain.Budget} octets",
        Input.SubmitResponse response =>
            $"respond {response.Head.Status} on stream {response.Id} with {response.Body.Length} octets{End(response.EndStream)}",
        Input.SubmitInformational informational => $"inform {informational.Head.Status} on stream {informational.Id}",
        Input.SubmitData data => $"queue {data.Data.Length} octets on stream {data.Id}{End(data.EndStream)}",
        Input.SubmitTrailers trailers => $"trailers on stream {trailers.Id}: {Fields(trailers.Fields)}",
        Input.SubmitPush push => $"push on stream {push.Parent}: {Fields(push.Fields)}",
        Input.SubmitRequest request => $"request {Fields(request.Fields)}{End(request.EndStream)}",
        Input.SubmitReset reset => $"reset stream {reset.Id} with {reset.Code}",
        Input.SubmitPriority priority => $"priority of stream {priority.Id}: {Text(priority.FieldValue.Span)}",
        Input.SubmitPing ping => string.Create(CultureInfo.InvariantCulture, $"ping {ping.Opaque:x16}"),
        Input.SubmitSettings settings => $"settings {string.Join(", ", settings.Settings.Select(s => $"{s.Id} {s.Value}"))}",
        Input.SetDate date => date.Date is { } field ? $"date: {Text(field.Value.Span)}" : "no date",
        Input.Shutdown shutdown => $"shut down at {Time(shutdown.Now, recording)}",
        Input.Abort abort => $"abort with {abort.Code}",
        Input.Consume consume => $"consume {consume.Octets} octets of stream {consume.Id}",
        Input.BoundUnread { Octets: 0 } => "no bound on unread octets",
        Input.BoundUnread bound => $"at most {bound.Octets} octets unread",
        Input.Retire retire => $"retire stream {retire.Id}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Of(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.RequestReceived e =>
            $"request on stream {e.Id}: {Text(e.Head.Method)} {Text(e.Head.Path)}, {e.Head.Fields.Count} fields{End(e.EndStream)}",
        ConnectionEvent.InformationalReceived e => $"informational response {e.Head.Status} on stream {e.Id}",
        ConnectionEvent.ResponseReceived e => $"response {e.Head.Status} on stream {e.Id}{End(e.EndStream)}",
        ConnectionEvent.DataReceived e => $"{e.Data.Length} octets of data on stream {e.Id}{End(e.EndStream)}",
        ConnectionEvent.TrailersReceived e => $"{e.Fields.Count} trailers on stream {e.Id}",
        ConnectionEvent.PushPromised e => $"stream {e.Promised} promised on stream {e.Id}: {Text(e.Head.Path)}",
        ConnectionEvent.DataSent e => $"{e.Octets} octets of stream {e.Id} sent, {e.Queued} queued",
        ConnectionEvent.StreamClosed e => $"stream {e.Id} closed with {e.Code}{(e.Abnormal ? " before its end" : "")}",
        ConnectionEvent.SettingsReceived e => $"settings of the peer: {string.Join(", ", e.Settings.Select(s => $"{s.Id} {s.Value}"))}",
        ConnectionEvent.SettingsAcknowledged => "our settings acknowledged",
        ConnectionEvent.PingAcknowledged e => string.Create(CultureInfo.InvariantCulture, $"ping {e.Opaque:x16} answered"),
        ConnectionEvent.GoAwayReceived e => $"the peer goes away: last stream {e.LastStreamId}, {e.Code}",
        ConnectionEvent.StreamFaulted e => $"FAULT of stream {e.Fault.Id}: {e.Fault.Code}, {e.Fault.Rule}",
        ConnectionEvent.ConnectionFaulted e => $"FAULT of the connection: {e.Fault.Code}, {e.Fault.Rule}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string StateOf(ConnectionFold fold, Recording recording)
    {
        var state = fold.State;
        var deadline = Connection.NextDeadline(state);
        return (Connection.IsFinished(state) ? "finished" : "open")
            + (fold.Incomplete > 0 ? $", {fold.Incomplete} octets of an incomplete frame" : "")
            + (Connection.CanDrain(state) ? ", something to send" : "")
            + (deadline == long.MaxValue ? "" : $", next deadline at {Time(deadline, recording)}");
    }

    private static void AppendFrames(StringBuilder text, string direction, Octets octets)
    {
        if (octets.Span.StartsWith(WireConstants.Preface))
        {
            text.Append(Indent).Append(direction).Append(" the client's preface");
            octets = octets.Slice(WireConstants.Preface.Length, octets.Length - WireConstants.Preface.Length);
        }
        while (octets.Length >= FrameHeader.Size && FrameHeader.Parse(octets.Span) is var header
            && FrameHeader.Size + header.Length <= octets.Length)
        {
            var lines = FrameText.Lines(header, octets.Slice(FrameHeader.Size, header.Length));
            for (var i = 0; i < lines.Count; i++)
                text.Append(Indent).Append(i == 0 ? direction : "    ").Append(' ').Append(lines[i]);
            octets = octets.Slice(FrameHeader.Size + header.Length, octets.Length - FrameHeader.Size - header.Length);
        }
        if (!octets.IsEmpty)
            text.Append(Indent).Append(CultureInfo.InvariantCulture, $"{direction} {octets.Length} octets of a frame");
    }

    private static string Time(long now, Recording recording) =>
        string.Create(CultureInfo.InvariantCulture, $"{now - recording.OpenedAt} ms");

    private static string End(bool endStream) => endStream ? ", the end" : "";

    private static string Text(ReadOnlySpan<byte> octets) => FrameText.Printable(octets);

    private static string Fields(IEnumerable<HeaderField> fields) =>
        string.Join(", ", fields.Select(field => $"{Text(field.Name.Span)}: {Text(field.Value.Span)}"));
}
