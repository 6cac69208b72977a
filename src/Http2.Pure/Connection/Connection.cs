using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// HTTP/2 connections as state transitions (RFC 9113): the face that the shell uses on the hot path. Every function takes a state and gives
/// the next; octets to send and events go to the caller's <see cref="EffectBuffer"/>. Times are milliseconds of any monotonic clock.
/// </summary>
public static partial class Connection
{
    /// <summary>
    /// The state before the first octet, and our preface: SETTINGS and WINDOW_UPDATE (for a client, the magic first; RFC 9113
    /// §3.4).
    /// </summary>
    public static ConnectionState Open(Role role, ConnectionOptions options, long now, EffectBuffer effects) =>
        new(Begin(role, options, now, effects));

    /// <summary>
    /// Takes octets from the peer: at most one frame (or the preface) for each call, so that the caller may answer between frames.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="octets">What is readable; a slice of it may be handed out in events.</param>
    /// <param name="now">The time.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="consumed">
    /// How many octets were used up; 0 means that the frame is not complete yet, or that the connection takes no more.
    /// </param>
    public static ConnectionState Receive(
        in ConnectionState state, ReadOnlyMemory<byte> octets, long now, EffectBuffer effects, out int consumed) =>
        ReceiveOne(state, octets, now, effects, out consumed);

    /// <summary>
    /// The peer will send no more. A server closes the streams whose requests are not complete, goes on with the others, and is finished with
    /// the last of them. For a client all streams are closed.
    /// </summary>
    public static ConnectionState EndOfInput(in ConnectionState state, EffectBuffer effects)
    {
        var core = state.Core;
        EndWithInput(ref core, effects);
        return new ConnectionState(core);
    }

    /// <summary>The transport is gone: nothing can be sent any more either. All streams are closed.</summary>
    public static ConnectionState Disconnect(in ConnectionState state, EffectBuffer effects)
    {
        var core = state.Core;
        EndWithTransport(ref core, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// Whether the client has said GOAWAY and all its streams are done. A server that finds nothing more to read then ends the connection
    /// with <see cref="Abort"/> and NO_ERROR; what had been sent along with the GOAWAY is read before (RFC 9113 §6.8).
    /// </summary>
    public static bool IsLeft(in ConnectionState state) => IsLeft(state.Core);

    /// <summary>Time passed: deadlines are judged.</summary>
    public static ConnectionState Tick(in ConnectionState state, long now, EffectBuffer effects)
    {
        var core = state.Core;
        JudgeDeadlines(ref core, now, effects);
        return new ConnectionState(core);
    }

    /// <summary>When <see cref="Tick"/> has something to do next, or <see cref="long.MaxValue"/>.</summary>
    public static long NextDeadline(in ConnectionState state) => Deadline(state.Core);

    /// <summary>
    /// Sends DATA of queued bodies, fairly between streams, as windows allow. After the end of input, when no window grows any more, a body
    /// that has none left ends with RST_STREAM.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="budget">About how many octets may be written.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Drain(in ConnectionState state, int budget, EffectBuffer effects)
    {
        var core = state.Core;
        DrainQueues(ref core, budget, effects);
        return new ConnectionState(core);
    }

    /// <summary>Whether <see cref="Drain"/> would send something, or give up what can never be sent.</summary>
    public static bool CanDrain(in ConnectionState state) => HasSendable(state.Core);

    /// <summary>
    /// Sends a final response's head. A body of up to 64 KiB that fits into the windows is written with it and gone on return; any other is
    /// queued for <see cref="Drain"/>, as by <see cref="SubmitData"/>, and <see cref="Queued"/> tells so.
    /// </summary>
    public static Misuse SubmitResponse(
        in ConnectionState state, StreamId id, in OutboundHead head, ReadOnlyMemory<byte> body, bool endStream, EffectBuffer effects,
        out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Respond(ref core, id, head, body, endStream, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>
    /// Sends a final response whole, with room for a body that the caller writes where it goes, without a copy: the very response that
    /// <see cref="SubmitResponse"/> would send at once. A caller that cannot fill the room takes back what was added to
    /// <paramref name="effects"/> and goes on from <paramref name="state"/>, as if nothing had been.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response.</param>
    /// <param name="length">The length of the body in octets: 1 to what <see cref="RoomAtOnce"/> says.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="body">Where the body goes.</param>
    /// <param name="next">The next state.</param>
    public static Misuse ReserveResponse(
        in ConnectionState state, StreamId id, in OutboundHead head, int length, EffectBuffer effects, out BodyRoom body,
        out ConnectionState next)
    {
        var core = state.Core;
        var misuse = RespondInPlace(ref core, id, head, length, effects, out body);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>How long a response's body may be to be sent with its head: at most 64 KiB, and as the windows allow.</summary>
    public static int RoomAtOnce(in ConnectionState state, StreamId id) => RoomFor(state.Core, state.Core.Streams.Find(id));

    /// <summary>Sends an informational response (1xx but 101; RFC 9110 §15.2).</summary>
    public static Misuse SubmitInformational(
        in ConnectionState state, StreamId id, in OutboundHead head, EffectBuffer effects, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Inform(ref core, id, head, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>
    /// Queues a part of a body. The memory must not change until a <see cref="ConnectionEvent.DataSent"/> tells that it is
    /// gone.
    /// </summary>
    public static Misuse SubmitData(
        in ConnectionState state, StreamId id, ReadOnlyMemory<byte> data, bool endStream, EffectBuffer effects, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Send(ref core, id, data, endStream, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>Queues trailers behind the data; they end this side of the stream.</summary>
    public static Misuse SubmitTrailers(
        in ConnectionState state, StreamId id, ReadOnlySpan<HeaderField> fields, EffectBuffer effects, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = SendTrailers(ref core, id, fields, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>
    /// Promises a request (server; RFC 9113 §8.4). The promised stream is then answered with <see cref="SubmitResponse"/>.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="parent">The stream whose request the push belongs to; its response must not have ended.</param>
    /// <param name="fields">The promised request: its pseudo-fields first.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="promised">The promised stream.</param>
    /// <param name="next">The next state.</param>
    public static Misuse SubmitPush(
        in ConnectionState state, StreamId parent, ReadOnlySpan<HeaderField> fields, EffectBuffer effects, out StreamId promised,
        out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Push(ref core, parent, fields, effects, out promised);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>Whether <see cref="SubmitPush"/> on <paramref name="parent"/> would be carried out: None, or why not.</summary>
    public static Misuse CanPush(in ConnectionState state, StreamId parent) => JudgePush(state.Core, parent);

    /// <summary>Opens a stream with a request (client).</summary>
    public static Misuse SubmitRequest(
        in ConnectionState state, ReadOnlySpan<HeaderField> fields, bool endStream, EffectBuffer effects, out StreamId id,
        out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Request(ref core, fields, endStream, effects, out id);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>Ends a stream with RST_STREAM.</summary>
    public static Misuse SubmitReset(in ConnectionState state, StreamId id, ErrorCode code, EffectBuffer effects, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = Reset(ref core, id, code, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>Sends a PING.</summary>
    public static ConnectionState SubmitPing(in ConnectionState state, ulong opaque, EffectBuffer effects)
    {
        var core = state.Core;
        Ping(ref core, opaque, effects);
        return new ConnectionState(core);
    }

    /// <summary>Changes our settings; they bind the peer once it acknowledges them.</summary>
    public static Misuse SubmitSettings(
        in ConnectionState state, ReadOnlySpan<Setting> settings, long now, EffectBuffer effects, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = ChangeSettings(ref core, settings, now, effects);
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>
    /// Says what date the responses carry that this end makes by itself, 431, from now on: there is no clock here (RFC 9110 §6.6.1).
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="date">A <c>date</c> field, or null for none.</param>
    /// <param name="next">The next state.</param>
    public static Misuse SetDate(in ConnectionState state, HeaderField? date, out ConnectionState next)
    {
        var core = state.Core;
        var misuse = IsRegular(date) ? Misuse.None : Misuse.InvalidField;
        if (misuse == Misuse.None)
            core.Date = date;
        next = new ConnectionState(core);
        return misuse;
    }

    /// <summary>
    /// Begins a graceful end: GOAWAY with the largest identifier and a PING; once that is answered (or a second passed) GOAWAY with the
    /// last stream taken; when all streams are done the connection is finished (RFC 9113 §6.8).
    /// </summary>
    public static ConnectionState Shutdown(in ConnectionState state, long now, EffectBuffer effects)
    {
        var core = state.Core;
        ShutDown(ref core, now, effects);
        return new ConnectionState(core);
    }

    /// <summary>Ends the connection at once with GOAWAY; streams are closed.</summary>
    public static ConnectionState Abort(in ConnectionState state, ErrorCode code, EffectBuffer effects)
    {
        var core = state.Core;
        EndNow(ref core, code, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// Gives credit back: the application took <paramref name="octets"/> of the data received on a stream, or has looked at them and keeps
    /// them for itself while it waits for more.
    /// </summary>
    public static ConnectionState Consume(in ConnectionState state, StreamId id, int octets, EffectBuffer effects)
    {
        var core = state.Core;
        ConsumeOctets(ref core, id, octets, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// Bounds what may be unread on the connection from here on, as <see cref="Http2Limits.MaxUnreadPerConnection"/> did so far: for an
    /// application whose memory runs short, or is there again. Credit that was announced stays.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="octets">How many octets; 0 for no bound but the streams' windows.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState BoundUnread(in ConnectionState state, long octets, EffectBuffer effects)
    {
        var core = state.Core;
        BoundUnreadOctets(ref core, octets, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// The application's work on a stream that closed abnormally has ended. Its place in the concurrency limit was free when it closed
    /// (RFC 9113 §5.1.2), but a connection for whose closed streams much more work goes on than it may have streams takes no new ones.
    /// </summary>
    public static ConnectionState Retire(in ConnectionState state, StreamId id)
    {
        var core = state.Core;
        Forget(ref core, id);
        return new ConnectionState(core);
    }

    /// <summary>Whether the connection is over: what is in the output buffer is the last to send, then the transport is closed.</summary>
    public static bool IsFinished(in ConnectionState state) => state.Core.Phase == Phase.Finished;

    /// <summary>How many octets of a stream's body are queued.</summary>
    public static long Queued(in ConnectionState state, StreamId id) => state.Core.Streams.Find(id)?.Outbound.Length ?? 0;

    /// <summary>How many octets of a stream's body were delivered and not given back with <see cref="Consume"/>.</summary>
    public static long Unconsumed(in ConnectionState state, StreamId id) => state.Core.Streams.Find(id)?.Unconsumed ?? 0;

    /// <summary>How many octets of all streams' bodies were delivered and not given back with <see cref="Consume"/>.</summary>
    public static long Unread(in ConnectionState state) => state.Core.Unread;

    /// <summary>
    /// Whether it is the peer's turn to go on with a stream's body: all that came was given back with <see cref="Consume"/>, the peer has
    /// credit on the stream, and what is unread on others does not hold the connection's window back.
    /// </summary>
    public static bool MayPeerSend(in ConnectionState state, StreamId id) => IsPeerFree(state.Core, id);

    /// <summary>The state of any stream, live or not. Of closed ones only so much is remembered as the rules need.</summary>
    public static StreamState StateOf(in ConnectionState state, StreamId id) =>
        id.IsConnection ? StreamState.Idle : StateOf(state.Core, id, out _);
}
