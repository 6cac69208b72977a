using Http2.Pure;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>
/// What may happen in one step: nothing behind the end; each stream is told of once and ends once; a state moves only along RFC 9113 §5.1, and
/// what is closed stays closed. Answers what is wrong, or null.
/// </summary>
internal static class EventRules
{
    /// <summary>Judges a step.</summary>
    public static string? Judge(TracedStep step)
    {
        if (step.Old.Phase == Phase.Finished)
            return Connection.IsFinished(step.Step.State.State) && step.Step.Output.IsEmpty && step.Step.Events.IsEmpty ? null : "something happens after the end";
        var open = OpenStreams.Of(step.Old);
        var wrong = Told(step, ref open);
        if (wrong is not null)
            return wrong;
        step.Step.Opened.IfSome(id => open |= OpenStreams.Bit(id));
        var after = OpenStreams.Of(step.New);
        // a request that this end opened and the step ended
        if (open != after)
            return $"streams {open:b} are open by what was told, {after:b} by the state";
        return Moves(step);
    }

    private static string? Told(TracedStep step, ref ulong open)
    {
        var faulted = false;
        foreach (var happened in step.Step.Events)
        {
            if (faulted)
                return "something is told behind the fault of the connection";
            faulted = happened is ConnectionEvent.ConnectionFaulted;
            var (id, begins) = StreamOf(happened);
            if (id.IsConnection)
                continue;
            var bit = OpenStreams.Bit(id);
            if (begins == ((open & bit) != 0))
                return begins ? $"stream {id} begins twice" : $"{happened.GetType().Name} of stream {id}, which is not open";
            if (begins || happened is ConnectionEvent.StreamClosed)
                open ^= bit;
        }
        return null;
    }

    /// <summary>The stream that an event is about, and whether it begins by it; stream 0 when it is about no open stream.</summary>
    private static (StreamId Id, bool Begins) StreamOf(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.RequestReceived e => (e.Id, true),
        ConnectionEvent.PushPromised e => (e.Promised, true),
        ConnectionEvent.InformationalReceived e => (e.Id, false),
        ConnectionEvent.ResponseReceived e => (e.Id, false),
        ConnectionEvent.DataReceived e => (e.Id, false),
        ConnectionEvent.TrailersReceived e => (e.Id, false),
        ConnectionEvent.DataSent e => (e.Id, false),
        ConnectionEvent.StreamClosed e => (e.Id, false),
        _ => default,
    };

    private static string? Moves(TracedStep step)
    {
        var (before, after) = (step.Before.Fold.State, step.Step.State.State);
        var highest = Math.Max(step.New.Streams.HighestPeer.Value, step.New.Streams.HighestOwn.Value);
        for (var id = 1u; id <= highest; id++)
        {
            var (from, to) = (Connection.StateOf(before, new(id)), Connection.StateOf(after, new(id)));
            // a connection that is over keeps no streams
            var forgotten = step.New.Phase == Phase.Finished && !from.IsClosed();
            if (from != to && !forgotten && !MayMove(from, to))
                return $"stream {id} is {from} and becomes {to}";
        }
        return null;
    }

    private static bool MayMove(StreamState from, StreamState to) => (from, to) switch
    {
        (Idle, _) => true,
        (ReservedLocal, HalfClosedRemote) => true,
        (ReservedRemote, HalfClosedLocal) => true,
        (Open, HalfClosedLocal or HalfClosedRemote) => true,
        // a reset by the peer that is not remembered counts as an end
        (ReservedLocal or ReservedRemote or Open or HalfClosedLocal or HalfClosedRemote, Ended or ResetByUs or ResetByPeer) => true,
        (ResetByPeer, Ended) => true,
        _ => false,
    };
}
