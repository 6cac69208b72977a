using Hpack.Pure;

namespace Http2.Pure;

/// <content>
/// The commands of the application. A command that is refused changes nothing and writes nothing: the next state is the state before.
/// </content>
public static partial class Connection
{
    /// <summary>
    /// Sends the head of a final response (server). A body of up to 64 KiB that fits into the windows is written with it, and its memory is free
    /// on return; any other body is queued for <see cref="Drain"/> as by <see cref="SubmitData"/>, and <see cref="Queued"/> tells so.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response.</param>
    /// <param name="body">The body, or its first part.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.WrongRole"/>, <see cref="Refusal.StreamClosed"/>, <see cref="Refusal.ResponseAlreadySent"/>,
    /// <see cref="Refusal.InvalidStatus"/>, <see cref="Refusal.InvalidField"/>, <see cref="Refusal.ContentLengthMismatch"/>,
    /// <see cref="Refusal.BodyNotAllowed"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitResponse(
        in ConnectionState state, StreamId id, in OutboundHead head, in OutboundBody body, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = Responding.Respond(ref core, id, head, body, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>
    /// The same as <see cref="SubmitResponse"/>, in the place of the state: for an owner that needs the state before no more.
    /// </summary>
    /// <param name="state">The state before; on return the state after, which is the same when the response is refused.</param>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response.</param>
    /// <param name="body">The body, or its first part.</param>
    /// <param name="effects">Where effects go.</param>
    /// <returns>What <see cref="SubmitResponse"/> returns.</returns>
    public static Refusal SubmitResponseInPlace(
        ref ConnectionState state, StreamId id, in OutboundHead head, in OutboundBody body, Effects effects) =>
        Responding.Respond(ref ConnectionState.PlaceOf(ref state), id, head, body, effects);

    /// <summary>
    /// Sends a final response whole (server), with room for a body that the caller writes where it is sent from, without a copy: the very
    /// response that <see cref="SubmitResponse"/> would send at once. A caller that cannot fill the room takes back what was added to
    /// <paramref name="effects"/> and goes on from <paramref name="state"/>, as if nothing had been.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response.</param>
    /// <param name="length">The length of the body in octets: 1 to what <see cref="RoomAtOnce"/> says.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="response">Where the body goes, and the next state; only meaningful when the command is carried out.</param>
    /// <returns>
    /// <see cref="Refusal.InvalidArgument"/> when there is no room for the length; otherwise what <see cref="SubmitResponse"/> returns.
    /// </returns>
    public static Refusal ReserveResponse(
        in ConnectionState state, StreamId id, in OutboundHead head, int length, Effects effects, out ReservedResponse response)
    {
        var core = state.Core;
        var refusal = Responding.Reserve(ref core, id, head, length, effects, out var body);
        response = new(body, new ConnectionState(core));
        return refusal;
    }

    /// <summary>Sends an informational response: 1xx but 101 (server; RFC 9110 §15.2).</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response, without a content-length.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.WrongRole"/>, <see cref="Refusal.StreamClosed"/>, <see cref="Refusal.ResponseAlreadySent"/>,
    /// <see cref="Refusal.InvalidStatus"/>, <see cref="Refusal.InvalidField"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitInformational(
        in ConnectionState state, StreamId id, in OutboundHead head, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = Responding.Inform(ref core, id, head, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>
    /// Queues a part of a body. The memory must not change until a <see cref="ConnectionEvent.DataSent"/> tells that it is sent, or the stream is
    /// closed.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="data">The next part of the body; it may be empty.</param>
    /// <param name="endStream">Whether it is the last part, and no trailers follow.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.StreamClosed"/>, <see cref="Refusal.ResponseNotSent"/>, <see cref="Refusal.StreamEnded"/>,
    /// <see cref="Refusal.BodyNotAllowed"/>, <see cref="Refusal.ContentLengthMismatch"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitData(
        in ConnectionState state, StreamId id, ReadOnlyMemory<byte> data, bool endStream, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = MessageSending.SendData(ref core, id, data, endStream, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>Queues trailers behind the data; they end this side of the stream.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="fields">The trailer fields.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.StreamClosed"/>, <see cref="Refusal.ResponseNotSent"/>, <see cref="Refusal.StreamEnded"/>,
    /// <see cref="Refusal.InvalidField"/> (a tunnel has no trailers at all), <see cref="Refusal.ContentLengthMismatch"/>, or
    /// <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitTrailers(
        in ConnectionState state, StreamId id, ReadOnlySpan<HeaderField> fields, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = MessageSending.SendTrailers(ref core, id, fields, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>
    /// Promises a request (server; RFC 9113 §8.4). The promised stream is then answered with <see cref="SubmitResponse"/>.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="parent">The stream whose request the push belongs to; its response must not have ended.</param>
    /// <param name="fields">The promised request, its pseudo-fields first.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="promised">The promised stream; 0 when the command is refused.</param>
    /// <param name="next">The next state.</param>
    /// <returns>What <see cref="CanPush"/> returns, or <see cref="Refusal.InvalidField"/>.</returns>
    public static Refusal SubmitPush(
        in ConnectionState state, StreamId parent, ReadOnlySpan<HeaderField> fields, Effects effects, out StreamId promised,
        out ConnectionState next)
    {
        var core = state.Core;
        var refusal = StreamOpening.Push(ref core, parent, fields, effects, out promised);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>Whether <see cref="SubmitPush"/> would be carried out, its fields apart.</summary>
    /// <param name="state">The state.</param>
    /// <param name="parent">The stream whose request the push would belong to.</param>
    /// <returns>
    /// <see cref="Refusal.PushDisabled"/>, <see cref="Refusal.GoingAway"/>, <see cref="Refusal.StreamClosed"/>,
    /// <see cref="Refusal.StreamEnded"/>, <see cref="Refusal.PushLimitReached"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal CanPush(in ConnectionState state, StreamId parent) => StreamOpening.JudgePush(state.Core, parent);

    /// <summary>Opens a stream with a request (client).</summary>
    /// <param name="state">The state.</param>
    /// <param name="fields">The request, its pseudo-fields first.</param>
    /// <param name="endStream">Whether it has neither a body nor trailers.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="id">The stream; 0 when the command is refused.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.WrongRole"/>, <see cref="Refusal.GoingAway"/>, <see cref="Refusal.TooManyStreams"/>,
    /// <see cref="Refusal.InvalidField"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitRequest(
        in ConnectionState state, ReadOnlySpan<HeaderField> fields, bool endStream, Effects effects, out StreamId id,
        out ConnectionState next)
    {
        var core = state.Core;
        var refusal = StreamOpening.Request(ref core, fields, endStream, effects, out id);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>The same as <see cref="SubmitRequest"/>, in the place of the state: for an owner that needs the state before no more.</summary>
    /// <param name="state">The state before; on return the state after, which is the same when the request is refused.</param>
    /// <param name="fields">The request, its pseudo-fields first.</param>
    /// <param name="endStream">Whether it has neither a body nor trailers.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="id">The stream; 0 when the command is refused.</param>
    /// <returns>What <see cref="SubmitRequest"/> returns.</returns>
    public static Refusal SubmitRequestInPlace(
        ref ConnectionState state, ReadOnlySpan<HeaderField> fields, bool endStream, Effects effects, out StreamId id) =>
        StreamOpening.Request(ref ConnectionState.PlaceOf(ref state), fields, endStream, effects, out id);

    /// <summary>Ends a stream with RST_STREAM.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="code">Why it ends.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns><see cref="Refusal.StreamClosed"/>, or <see cref="Refusal.None"/>.</returns>
    public static Refusal SubmitReset(in ConnectionState state, StreamId id, ErrorCode code, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = ControlSending.Reset(ref core, id, code, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>Tells the server the priority of the response on a stream, with PRIORITY_UPDATE (client; RFC 9218 §7.1).</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">A stream that is not closed: of a request, or of a push.</param>
    /// <param name="fieldValue">The value of the Priority field: at most 1,024 octets, 0x20 to 0x7e.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.WrongRole"/>, <see cref="Refusal.StreamClosed"/>, <see cref="Refusal.InvalidArgument"/>, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitPriority(
        in ConnectionState state, StreamId id, ReadOnlySpan<byte> fieldValue, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = ControlSending.Prioritize(ref core, id, fieldValue, effects);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>Sends a PING. Without effect once the connection is finished.</summary>
    /// <param name="state">The state.</param>
    /// <param name="opaque">Its eight octets; <see cref="ConnectionEvent.PingAcknowledged"/> brings them back.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState SubmitPing(in ConnectionState state, ulong opaque, Effects effects)
    {
        var core = state.Core;
        ControlSending.Ping(ref core, opaque, effects);
        return new ConnectionState(core);
    }

    /// <summary>Changes the settings of this end; they bind the peer once it acknowledges them.</summary>
    /// <param name="state">The state.</param>
    /// <param name="settings">The entries, in order.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="next">The next state.</param>
    /// <returns>
    /// <see cref="Refusal.GoingAway"/> once the connection is finished, <see cref="Refusal.InvalidArgument"/> when a value is out of its range
    /// or may not change, or <see cref="Refusal.None"/>.
    /// </returns>
    public static Refusal SubmitSettings(
        in ConnectionState state, ReadOnlySpan<Setting> settings, long now, Effects effects, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = ControlSending.ChangeSettings(ref core, settings, new(effects, now));
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>
    /// Says what date the responses have from now on that this end makes by itself, those with 431: there is no clock here (RFC 9110 §6.6.1).
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="date">A <c>date</c> field, or null for none.</param>
    /// <param name="next">The next state.</param>
    /// <returns><see cref="Refusal.InvalidField"/>, or <see cref="Refusal.None"/>.</returns>
    public static Refusal SetDate(in ConnectionState state, HeaderField? date, out ConnectionState next)
    {
        var core = state.Core;
        var refusal = Responding.SetDate(ref core, date);
        next = new ConnectionState(core);
        return refusal;
    }

    /// <summary>
    /// Begins a graceful end. A server sends GOAWAY with the largest identifier and a PING; once the PING is answered, or
    /// <see cref="Http2Limits.ShutdownPingTimeout"/> passed, GOAWAY with the last stream taken. A client sends only the latter. When all
    /// streams are done, or <see cref="Http2Limits.ShutdownTimeout"/> passed, the connection is finished (RFC 9113 §6.8).
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Shutdown(in ConnectionState state, long now, Effects effects)
    {
        var core = state.Core;
        GoingAway.ShutDown(ref core, new(effects, now));
        return new ConnectionState(core);
    }

    /// <summary>Ends the connection at once with GOAWAY; all streams are closed.</summary>
    /// <param name="state">The state.</param>
    /// <param name="code">Why it ends.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Abort(in ConnectionState state, ErrorCode code, Effects effects)
    {
        var core = state.Core;
        GoingAway.EndNow(ref core, code, effects);
        return new ConnectionState(core);
    }
}
