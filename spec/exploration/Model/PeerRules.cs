using Http2.Pure;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>RFC 9113's rules about what a peer may send, written down one frame type after the other.</summary>
internal sealed class PeerRules(Role role, History history, FieldBlocks blocks)
{
    /// <summary>How many streams of the peer count (§5.1.2).</summary>
    public required Func<int> CountPeerStreams { get; init; }

    /// <summary>For how many closed streams of the peer the application still works.</summary>
    public required Func<int> CountLingering { get; init; }

    public Verdict Judge(Command command) => !command.IsOfPeer ? Verdict.Accept
        : blocks.Open is { } open ? Within(open, command)
        : JudgeAlone(command);

    // §6.10: nothing may come between the frames of a block; of frames that are too large the size may be seen first
    private Verdict Within(Command.PeerHeaders open, Command command) => command switch
    {
        Command.PeerContinuation { More: true } c when c.Id == open.Id || c.Id == 0 =>
            blocks.Empty > 0 ? Verdict.Fatal(ErrorCode.EnhanceYourCalm) : Verdict.Accept,
        Command.PeerContinuation c when c.Id == open.Id || c.Id == 0 => Whole(open),
        Command.PeerData data when SizeOf(data) > history.Ours.Most(SettingId.MaxFrameSize) =>
            Verdict.Fatal(ErrorCode.ProtocolError, ErrorCode.FrameSizeError),
        _ => Verdict.Fatal(ErrorCode.ProtocolError),
    };

    private Verdict JudgeAlone(Command command) => command switch
    {
        // §4.2: judged by the length alone, before anything else; only some frames have to end the connection by it
        Command.PeerData data when SizeOf(data) > history.Ours.Most(SettingId.MaxFrameSize) =>
            data.Id == 0 ? Verdict.Fatal(ErrorCode.FrameSizeError, ErrorCode.ProtocolError) : Verdict.StreamOrFatal(ErrorCode.FrameSizeError),
        // §6.2: HEADERS belong to a stream. What becomes of a block shows when it is whole, or at once when it would end the connection
        Command.PeerHeaders { More: true, Id: not 0 } begun => new Verdict(true, [Allowed.Fine, .. Ends(Headers(begun))]),
        Command.PeerHeaders headers => Whole(headers),
        // §6.10: there must be something to go on with; §6.2: padding is shorter than the payload
        Command.PeerContinuation or Command.PeerOverpadded => Verdict.Fatal(ErrorCode.ProtocolError),
        Command.PeerData data => Data(data),
        Command.PeerReset reset => Reset(reset.Id),
        Command.PeerWindow { Id: 0 } update => ConnectionWindow(update.Increment),
        Command.PeerWindow update => StreamWindow(update.Id, update.Increment),
        Command.PeerSetting setting => Setting(setting),
        // §6.5.3: there must be something to acknowledge
        Command.PeerSettingsAck => history.Ours.AreInFlight ? Verdict.Accept : Verdict.Fatal(ErrorCode.ProtocolError),
        Command.PeerPromise promise => Promise(promise),
        // §6.3: PRIORITY may come in any state, but not for the connection
        Command.PeerPriority { Id: 0 } => Verdict.Fatal(ErrorCode.ProtocolError),
        _ => Verdict.Accept,
    };

    // §4.3: every block is decoded, and after one that cannot be no other can
    private Verdict Whole(Command.PeerHeaders headers)
    {
        var verdict = Headers(headers);
        return blocks.CanDecode(headers.Update, history.Ours.Acknowledged(SettingId.HeaderTableSize))
            ? verdict
            : new Verdict(false, [Allowed.Connection(ErrorCode.CompressionError), .. Ends(verdict)]);
    }

    private static IEnumerable<Allowed> Ends(Verdict verdict) => verdict.Choices.Where(choice => choice.Outcome == Outcome.ConnectionFault);

    private Verdict Headers(Command.PeerHeaders headers)
    {
        var id = headers.Id;
        // §6.2: HEADERS belong to a stream
        if (id == 0)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        if (history.IsBeyondOurGoAway(id))
            return Verdict.Ignore;
        return history.State(id) switch
        {
            Idle => role == Role.Server && !history.IsOurs(id) ? NewRequest(headers) : Verdict.Fatal(ErrorCode.ProtocolError),
            ReservedLocal => Verdict.Fatal(ErrorCode.ProtocolError),
            Open or HalfClosedLocal or ReservedRemote => LaterHeaders(headers),
            HalfClosedRemote => Verdict.StreamOrFatal(ErrorCode.StreamClosed),
            // §5.1: frames may have been under way when we reset
            ResetByUs => Verdict.Ignore,
            // §5.1.1: an identifier that was passed over does not rise
            Ended when history.IsSkipped(id) => Verdict.Fatal(ErrorCode.ProtocolError),
            _ => Verdict.StreamOrFatal(ErrorCode.StreamClosed),
        };
    }

    private Verdict NewRequest(Command.PeerHeaders headers)
    {
        var limit = history.Ours.Latest(SettingId.MaxConcurrentStreams);
        // §5.1.2: REFUSED_STREAM (or PROTOCOL_ERROR) beyond the limit; §10.5: and where resets have left much work behind. §8.1.1: a request
        // has its pseudo-fields
        var refused = CountPeerStreams() >= limit || CountLingering() >= 4 * limit;
        return refused
            ? new Verdict(false, Allowed.Stream(ErrorCode.RefusedStream), Allowed.Stream(ErrorCode.ProtocolError))
            : headers.Trailers ? Verdict.OnStream(ErrorCode.ProtocolError) : Verdict.Accept;
    }

    private Verdict LaterHeaders(Command.PeerHeaders headers)
    {
        var headIsDue = role == Role.Client && !history.Has(sent: false, Mark.Head, headers.Id);
        if (headIsDue)
            return headers.Trailers ? Verdict.StreamOrFatal(ErrorCode.ProtocolError) : Verdict.Accept;
        // §8.1: after the head comes one more field section at most, without pseudo-fields, and it ends the stream
        return headers.Trailers && headers.End ? Verdict.Accept : Verdict.StreamOrFatal(ErrorCode.ProtocolError);
    }

    private Verdict Data(Command.PeerData data)
    {
        if (data.Id == 0)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        var spent = SizeOf(data);
        var verdict = DataByState(data);
        // §6.9.1: both windows bind, but not what spends nothing; which fault is named when another rule is broken too is open
        if (spent > 0 && spent > history.ReceiveWindow(0))
            return verdict.TakesEffect || verdict == Verdict.Ignore
                ? Verdict.Fatal(ErrorCode.FlowControlError)
                : verdict.Or(Verdict.Fatal(ErrorCode.FlowControlError));
        var takes = history.State(data.Id) is Open or HalfClosedLocal && !history.IsBeyondOurGoAway(data.Id);
        if (takes && spent > 0 && spent > history.ReceiveWindow(data.Id))
            return verdict.TakesEffect
                ? Verdict.StreamOrFatal(ErrorCode.FlowControlError)
                : verdict.Or(Verdict.StreamOrFatal(ErrorCode.FlowControlError));
        return verdict;
    }

    private Verdict DataByState(Command.PeerData data) => history.State(data.Id) switch
    {
        // §6.8: not looked at, though it counts for the connection's window
        _ when history.IsBeyondOurGoAway(data.Id) => Verdict.Ignore,
        Idle or ReservedLocal or ReservedRemote => Verdict.Fatal(ErrorCode.ProtocolError),
        // §8.1: DATA follows the head
        Open or HalfClosedLocal when role == Role.Client && !history.Has(sent: false, Mark.Head, data.Id) =>
            Verdict.StreamOrFatal(ErrorCode.ProtocolError),
        Open or HalfClosedLocal => Verdict.Accept,
        ResetByUs => Verdict.Ignore,
        _ => Verdict.StreamOrFatal(ErrorCode.StreamClosed),
    };

    private Verdict Reset(uint id)
    {
        if (history.IsBeyondOurGoAway(id))
            return Verdict.Ignore;
        // §6.4: never for the connection, never for an idle stream
        if (id == 0 || history.State(id) == Idle)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        return history.State(id).IsClosed() ? Verdict.Ignore : Verdict.Accept;
    }

    private Verdict ConnectionWindow(uint increment) =>
        increment == 0 ? Verdict.Fatal(ErrorCode.ProtocolError)
        : history.SendWindow(0) + increment > WireConstants.MaxWindow ? Verdict.Fatal(ErrorCode.FlowControlError)
        : Verdict.Accept;

    private Verdict StreamWindow(uint id, uint increment)
    {
        if (history.IsBeyondOurGoAway(id))
            return Verdict.Ignore;
        var state = history.State(id);
        if (state == Idle)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        // §6.9: an increment of 0 is a stream error, whatever the state; §5.1: on closed streams it may as well be ignored
        if (increment == 0)
            return state.IsClosed()
                ? Verdict.StreamOrFatal(ErrorCode.ProtocolError).Or(Verdict.Ignore)
                : Verdict.StreamOrFatal(ErrorCode.ProtocolError);
        if (state == ReservedRemote)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        if (state.IsClosed())
            return Verdict.Ignore;
        return history.SendWindow(id) + increment > WireConstants.MaxWindow ? Verdict.StreamOrFatal(ErrorCode.FlowControlError) : Verdict.Accept;
    }

    /// <summary>§6.5.2: what each setting may be. A server has no pushes to allow.</summary>
    public static bool IsInRange(SettingId id, uint value, Role sender) => id switch
    {
        SettingId.InitialWindowSize => value <= WireConstants.MaxWindow,
        SettingId.MaxFrameSize => value is >= 16384 and <= 16777215,
        SettingId.EnablePush => value == 0 || (value == 1 && sender == Role.Client),
        _ => true,
    };

    private Verdict Setting(Command.PeerSetting setting) =>
        setting.Id == SettingId.InitialWindowSize ? InitialWindow(setting.Value)
        : IsInRange(setting.Id, setting.Value, sender: role == Role.Server ? Role.Client : Role.Server) ? Verdict.Accept
        : Verdict.Fatal(ErrorCode.ProtocolError);

    private Verdict InitialWindow(uint octets)
    {
        // §6.5.2, §6.9.2
        if (octets > WireConstants.MaxWindow)
            return Verdict.Fatal(ErrorCode.FlowControlError);
        var change = (long)octets - history.Peers.Latest(SettingId.InitialWindowSize);
        var live = history.Streams.Where(id => !history.State(id).IsClosed()).ToList();
        return live.Any(id => history.SendWindow(id) + change > WireConstants.MaxWindow) ? Verdict.Fatal(ErrorCode.FlowControlError) : Verdict.Accept;
    }

    private Verdict Promise(Command.PeerPromise promise)
    {
        var verdict = PromiseByState(promise);
        return blocks.CanDecode(update: -1, 0) ? verdict : new Verdict(false, [Allowed.Connection(ErrorCode.CompressionError), .. Ends(verdict)]);
    }

    private Verdict PromiseByState(Command.PeerPromise promise)
    {
        // §8.4: clients do not push. §6.6: on a stream that we opened. §5.1.1: even, and rising
        if (role == Role.Server || promise.Parent == 0 || !history.IsOurs(promise.Parent))
            return Verdict.Fatal(ErrorCode.ProtocolError);
        // §6.6: not once the peer has acknowledged that we want none
        if (history.Ours.Acknowledged(SettingId.EnablePush) == 0)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        if (promise.Promised == 0 || promise.Promised % 2 == 1 || history.State(promise.Promised) != Idle)
            return Verdict.Fatal(ErrorCode.ProtocolError);
        return history.State(promise.Parent) switch
        {
            Open or HalfClosedLocal => Verdict.Accept,
            // the promise was under way: the promised stream is reserved, and it is for us to reset it
            ResetByUs => Verdict.Accept,
            Idle => Verdict.Fatal(ErrorCode.ProtocolError),
            _ => Verdict.Fatal(ErrorCode.ProtocolError, ErrorCode.StreamClosed),
        };
    }

    /// <summary>§6.9.1: all of the payload counts.</summary>
    public static int SizeOf(Command.PeerData data) => data.Octets + (data.Padding < 0 ? 0 : data.Padding + 1);
}
