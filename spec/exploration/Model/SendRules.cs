using Hpack.Pure;
using Http2.Pure;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>RFC 9113's rules about what an end may send, checked on every frame that the core writes.</summary>
internal sealed class SendRules(Role role, ReferenceModel model)
{
    private readonly Dictionary<uint, long> _offsets = [];

    /// <summary>The same rules over a copy of the model.</summary>
    public SendRules Over(ReferenceModel copy)
    {
        var rules = new SendRules(role, copy) { Answers = Answers };
        foreach (var (id, offset) in _offsets)
            rules._offsets.Add(id, offset);
        return rules;
    }

    private History History => model.History;

    /// <summary>How much of a stream's body went out.</summary>
    public long Offset(uint id) => _offsets.GetValueOrDefault(id);

    /// <summary>How many SETTINGS and PING frames of the peer were answered.</summary>
    public (int Settings, int Pings) Answers { get; private set; }

    /// <summary>What is wrong with a frame that was sent, or null; it then enters the history.</summary>
    public string? Judge(Frame frame) => frame switch
    {
        Frame.Headers headers => Headers(headers),
        Frame.Data data => Data(data),
        Frame.RstStream reset => Reset(reset),
        Frame.WindowUpdate update => Update(update),
        Frame.PushPromise promise => Promise(promise),
        Frame.GoAway goAway => GoAway(goAway),
        Frame.Settings or Frame.Ping => Control(frame),
        _ => $"{frame.Type} is never sent",
    };

    private string? Headers(Frame.Headers frame)
    {
        var id = frame.StreamId.Value;
        var state = History.State(id);
        var end = (frame.Flags & FrameFlags.EndStream) != 0;
        var isFirst = !History.Has(sent: true, Mark.Head, id);
        if (!isFirst && !end)
            return $"trailers on {id} do not end it";
        if (!isFirst && model.Queued(id) > 0)
            return $"trailers on {id} overtake {model.Queued(id)} octets of its body";
        // §5.1: who may send HEADERS
        var allowed = role == Role.Client && isFirst ? state == Idle && id > History.Highest(ours: true) && History.IsOurs(id)
            : state is Open or HalfClosedRemote or ReservedLocal;
        if (!allowed)
            return $"HEADERS on {id}, which is {state}";
        if (model.Blocks.Read(frame.Payload.Fragment) is { } unreadable)
            return $"HEADERS on {id} with {unreadable}";
        History.Add(sent: true, isFirst ? Mark.Head : Mark.Trailers, id);
        End(id, end);
        return null;
    }

    private string? Data(Frame.Data frame)
    {
        var id = frame.StreamId.Value;
        var data = frame.Payload.Data;
        if (!History.Has(sent: true, Mark.Head, id) || History.State(id) is not (Open or HalfClosedRemote))
            return $"DATA on {id}, which is {History.State(id)}";
        // §6.9.1: never beyond a window; §4.2: never beyond the peer's frame size
        if (data.Length > 0 && (data.Length > History.SendWindow(id) || data.Length > History.SendWindow(0)))
            return $"{data.Length} octets on {id} with windows of {History.SendWindow(id)} and {History.SendWindow(0)}";
        if (data.Length > History.Peers.Latest(SettingId.MaxFrameSize))
            return $"a frame of {data.Length} octets";
        if (data.Length > model.Queued(id))
            return $"{data.Length} octets on {id}, where {model.Queued(id)} are queued";
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] != FrameMaker.OctetAt(id, Offset(id) + i))
                return $"octet {Offset(id) + i} of the body on {id} is not what was queued there";
        }
        _offsets[id] = Offset(id) + data.Length;
        History.Add(sent: true, Mark.Data, id, data.Length);
        model.Dequeue(id, data.Length);
        End(id, (frame.Flags & FrameFlags.EndStream) != 0);
        return null;
    }

    private string? Reset(Frame.RstStream frame)
    {
        var id = frame.StreamId.Value;
        var state = History.State(id);
        // §5.1, §5.4.2: neither an idle nor a closed stream is reset
        if (state == Idle || state.IsClosed())
            return $"RST_STREAM on {id}, which is {state}";
        History.Add(sent: true, Mark.Reset, id);
        model.Forget(id);
        return null;
    }

    private string? Update(Frame.WindowUpdate frame)
    {
        var (id, increment) = (frame.StreamId.Value, frame.Payload.Increment);
        if (increment == 0)
            return "WINDOW_UPDATE of 0";
        if (id != 0 && History.State(id) is not (Open or HalfClosedLocal))
            return $"WINDOW_UPDATE on {id}, which is {History.State(id)}";
        History.Add(sent: true, Mark.Update, id, increment);
        var bound = id == 0 ? WireConstants.InitialWindow : History.Ours.Most(SettingId.InitialWindowSize);
        // the window we gave is the window we meant: more would be credit for octets that never came
        return History.ReceiveWindow(id) > bound ? $"the window of {id} grows to {History.ReceiveWindow(id)}, beyond {bound}" : null;
    }

    private string? Promise(Frame.PushPromise frame)
    {
        var (parent, promised) = (frame.StreamId.Value, frame.Payload.Promised.Value);
        if (role != Role.Server || !History.IsOurs(promised) || promised <= History.Highest(ours: true))
            return $"a promise of {promised}";
        if (History.IsOurs(parent) || History.State(parent) is not (Open or HalfClosedRemote))
            return $"a promise on {parent}, which is {History.State(parent)}";
        // §8.4, §6.8
        if (History.Peers.Latest(SettingId.EnablePush) == 0 || History.IsGoingAway)
            return "a promise that the client does not want any more";
        if (model.Blocks.Read(frame.Payload.Fragment) is { } unreadable)
            return $"a promise of {promised} with {unreadable}";
        History.Add(sent: true, Mark.Promised, promised);
        model.Announce(promised);
        return null;
    }

    private string? GoAway(Frame.GoAway frame)
    {
        var last = frame.Payload.LastStreamId.Value;
        // §6.8: a server may warn with the largest identifier first; after that, and else, it is the last stream that was taken
        var isWarning = role == Role.Server && last == WireConstants.MaxStreamId && History.GoAwaysSent.Count == 0;
        var taken = History.GoAwaysSent.Append(History.Highest(ours: false)).Min();
        if (!isWarning && last != taken)
            return $"GOAWAY with {last}, where {taken} is the last stream that was taken";
        History.GoAwaysSent.Add(last);
        return null;
    }

    private string? Control(Frame frame)
    {
        var isAnswer = (frame.Flags & FrameFlags.Ack) != 0;
        Answers = (
            Answers.Settings + (isAnswer && frame is Frame.Settings ? 1 : 0), Answers.Pings + (isAnswer && frame is Frame.Ping ? 1 : 0));
        return null;
    }

    private void End(uint id, bool end)
    {
        if (!end)
            return;
        History.Add(sent: true, Mark.End, id);
        model.Forget(id);
    }
}
