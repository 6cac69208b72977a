using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// HTTP/2 connections as state transitions (RFC 9113). Pure and thread-safe but for the buffers that a caller lends. There are two ways to
/// use it, with the same functions behind both:
/// <list type="bullet">
/// <item><see cref="Start"/>, <see cref="Step"/> and <see cref="Submit"/> take one input and give the next connection, the octets to send and
/// the events, as values.</item>
/// <item>All others are for code that must not allocate. They take a state and give the next one; octets to send and events go to the
/// <see cref="Effects"/> of the caller.</item>
/// </list>
/// Times are in milliseconds of any monotonic clock.
/// </summary>
/// <remarks>
/// In the comments of this project a bare section sign, as in "§5.1", means that section of RFC 9113; sections of other documents are written
/// with the document. "This end" is the one whose state it is, "the peer" the other one.
/// </remarks>
public static partial class Connection
{
    /// <summary>A new connection as a value: the connection, and the octets that this end sends first. See <see cref="Open"/>.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">What it announces and bounds.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static Step Start(Role role, ConnectionOptions options, long now)
    {
        var effects = new Effects();
        return Folding.StepOf(Open(role, options, now, effects), PartialFrame.None, effects, default);
    }

    /// <summary>
    /// The transition for any input; total. A command that is refused leaves everything as it is; use <see cref="Submit"/> to learn why.
    /// </summary>
    /// <param name="fold">The connection.</param>
    /// <param name="input">What happens to it.</param>
    public static Step Step(ConnectionFold fold, Input input) =>
        TrySubmit(fold, input, out var step, out _) ? step : new Step(fold, default, [], default);

    /// <summary>The transition for any input, or why a command was refused.</summary>
    /// <param name="fold">The connection; it stays valid.</param>
    /// <param name="input">What happens to it. Which refusals a command can meet is said at the function that carries it out.</param>
    public static Either<Refusal, Step> Submit(ConnectionFold fold, Input input) =>
        TrySubmit(fold, input, out var step, out var refusal) ? step : refusal;

    /// <summary>The transition for any input, or why a command was refused: <see cref="Submit"/> with out parameters.</summary>
    /// <param name="fold">The connection; it stays valid.</param>
    /// <param name="input">What happens to it.</param>
    /// <param name="step">What the input led to; null when it was refused, and then nothing has changed.</param>
    /// <param name="refusal">Why the input was refused; <see cref="Refusal.None"/> when it was not.</param>
    /// <returns>Whether the input was taken. What the peer sends is always taken: its faults are events.</returns>
    public static bool TrySubmit(ConnectionFold fold, Input input, [NotNullWhen(true)] out Step? step, out Refusal refusal)
    {
        refusal = Folding.Submit(fold, input, out step);
        return step is not null;
    }

    /// <summary>
    /// The state before the first octet. What this end sends first is written: SETTINGS, and WINDOW_UPDATE when the window of the connection is
    /// larger than 65,535 octets; for a client the connection preface before them (RFC 9113 §3.4).
    /// </summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">What it announces and bounds.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Open(Role role, ConnectionOptions options, long now, Effects effects) =>
        new(ConnectionOpening.Open(role, options, new(effects, now)));

    /// <summary>
    /// Takes octets from the peer: at most one frame (or the preface) for each call, so that the caller may answer between frames. What the peer
    /// does wrong is answered by this function, and told with an event.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="octets">What can be read; slices of it may be handed out in events.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="consumed">
    /// How many octets were used up; 0 means that the frame is not complete yet, or that the connection takes no more.
    /// </param>
    public static ConnectionState Receive(
        in ConnectionState state, ReadOnlyMemory<byte> octets, long now, Effects effects, out int consumed)
    {
        var core = state.Core;
        consumed = FrameReceiving.Receive(ref core, octets, new(effects, now));
        return new ConnectionState(core);
    }

    /// <summary>
    /// The same as <see cref="Receive"/>, in the place of the state: for an owner that needs the state before no more. A state is large, and
    /// copying it costs more than many a frame does.
    /// </summary>
    /// <param name="state">The state before; on return the state after.</param>
    /// <param name="octets">What can be read; slices of it may be handed out in events.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    /// <returns>How many octets were used up, as <see cref="Receive"/> says.</returns>
    public static int ReceiveInPlace(ref ConnectionState state, ReadOnlyMemory<byte> octets, long now, Effects effects) =>
        FrameReceiving.Receive(ref ConnectionState.PlaceOf(ref state), octets, new(effects, now));

    /// <summary>
    /// The peer will send no more. A server closes the streams whose requests are not complete, goes on with the others, and is finished with
    /// the last of them. For a client all streams are closed.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState EndOfInput(in ConnectionState state, Effects effects)
    {
        var core = state.Core;
        GoingAway.EndWithInput(ref core, effects);
        return new ConnectionState(core);
    }

    /// <summary>The transport is gone: nothing can be sent any more either. All streams are closed.</summary>
    /// <param name="state">The state.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Disconnect(in ConnectionState state, Effects effects)
    {
        var core = state.Core;
        GoingAway.EndWithTransport(ref core, effects);
        return new ConnectionState(core);
    }

    /// <summary>Time passed: what is overdue is judged, and what is due is done.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Tick(in ConnectionState state, long now, Effects effects)
    {
        var core = state.Core;
        Deadlines.Judge(ref core, new(effects, now));
        return new ConnectionState(core);
    }

    /// <summary>When <see cref="Tick"/> has something to do next, in milliseconds, or <see cref="long.MaxValue"/>.</summary>
    /// <param name="state">The state.</param>
    public static long NextDeadline(in ConnectionState state) => Deadlines.Next(state.Core);

    /// <summary>
    /// Sends DATA of queued bodies, fairly between streams, as windows allow. After the end of input, when no window grows any more, a stream
    /// whose body has no window left is reset.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="budget">About how many octets may be written.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Drain(in ConnectionState state, int budget, Effects effects)
    {
        var core = state.Core;
        Draining.Drain(ref core, budget, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// Gives credit back: the application took octets of the data that was received on a stream, or has looked at them and keeps them for itself
    /// while it waits for more. Without effect on a stream that is closed.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="octets">How many octets; what was given back before does not count again.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState Consume(in ConnectionState state, StreamId id, int octets, Effects effects)
    {
        var core = state.Core;
        Crediting.Consume(ref core, id, octets, effects);
        return new ConnectionState(core);
    }

    /// <summary>The same as <see cref="SubmitRequest"/> for a request that was judged before, in the place of the state.</summary>
    /// <param name="state">The state before; on return the state after, which is the same when the request is refused.</param>
    /// <param name="request">The request.</param>
    /// <param name="endStream">Whether it has neither a body nor trailers.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="id">The stream; 0 when the command is refused.</param>
    /// <returns>What <see cref="SubmitRequest"/> returns.</returns>
    public static Refusal SubmitRequestInPlace(
        ref ConnectionState state, PreparedRequest request, bool endStream, Effects effects, out StreamId id) =>
        StreamOpening.Request(ref ConnectionState.PlaceOf(ref state), request, endStream, effects, out id);

    /// <summary>The same as <see cref="Consume"/>, in the place of the state: for an owner that needs the state before no more.</summary>
    /// <param name="state">The state before; on return the state after.</param>
    /// <param name="id">The stream.</param>
    /// <param name="octets">How many octets; what was given back before does not count again.</param>
    /// <param name="effects">Where effects go.</param>
    public static void ConsumeInPlace(ref ConnectionState state, StreamId id, int octets, Effects effects) =>
        Crediting.Consume(ref ConnectionState.PlaceOf(ref state), id, octets, effects);

    /// <summary>
    /// Bounds what may be unread on the connection from here on, as <see cref="Http2Limits.MaxUnreadPerConnection"/> did until then: for an
    /// application whose memory runs short, or is there again. Credit that was announced stays.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="octets">How many octets; 0 for no bound but the windows of the streams.</param>
    /// <param name="effects">Where effects go.</param>
    public static ConnectionState BoundUnread(in ConnectionState state, long octets, Effects effects)
    {
        var core = state.Core;
        core.Flow.BoundUnread(octets);
        Crediting.Refill(ref core, effects);
        return new ConnectionState(core);
    }

    /// <summary>
    /// The application no longer works on a stream that closed abnormally. The place of the stream in the limit was free when it closed
    /// (RFC 9113 §5.1.2), but a connection takes no new streams while much more work goes on for closed streams than it may have streams.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    public static ConnectionState Retire(in ConnectionState state, StreamId id)
    {
        var core = state.Core;
        ControlSending.Retire(ref core, id);
        return new ConnectionState(core);
    }

    /// <summary>Whether the connection is over: what is in the output buffer is the last to send, then the transport is closed.</summary>
    /// <param name="state">The state.</param>
    public static bool IsFinished(in ConnectionState state) => state.Core.Phase == Phase.Finished;

    /// <summary>
    /// Whether the client has sent GOAWAY and all its streams are done. A server that finds nothing more to read then ends the connection
    /// with <see cref="Abort"/> and NO_ERROR; frames that were sent along with the GOAWAY are read before that (RFC 9113 §6.8).
    /// </summary>
    /// <param name="state">The state.</param>
    public static bool IsLeft(in ConnectionState state) => GoingAway.IsLeft(state.Core);

    /// <summary>Whether <see cref="Drain"/> would send something, or give up what can never be sent.</summary>
    /// <param name="state">The state.</param>
    public static bool CanDrain(in ConnectionState state) => Draining.CanDrain(state.Core);

    /// <summary>How long the body of a response may be to be sent with its head, in octets: at most 64 KiB, and as the windows allow.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    public static int RoomAtOnce(in ConnectionState state, StreamId id) =>
        BodySending.RoomFor(state.Core, state.Core.Streams.Find(id));

    /// <summary>How many octets of the body that this end sends on a stream are queued.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    public static long Queued(in ConnectionState state, StreamId id) => state.Core.Streams.Find(id)?.Outgoing.Queue.Length ?? 0;

    /// <summary>How many octets of the body that came on a stream were delivered and not given back with <see cref="Consume"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    public static long Unconsumed(in ConnectionState state, StreamId id) => state.Core.Streams.Find(id)?.Incoming.Unconsumed ?? 0;

    /// <summary>How many octets of the bodies of all streams were delivered and not given back with <see cref="Consume"/>.</summary>
    /// <param name="state">The state.</param>
    public static long Unread(in ConnectionState state) => state.Core.Flow.Unread;

    /// <summary>
    /// Whether it is the turn of the peer to go on with the body of a stream: all that came was given back with <see cref="Consume"/>, the peer
    /// has credit on the stream, and what is unread on others does not hold the window of the connection back.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The stream.</param>
    /// <param name="heldBack">How many octets the application may have read and not given back, because that is not worth a frame.</param>
    public static bool MayPeerSend(in ConnectionState state, StreamId id, long heldBack = 0) => Crediting.MayPeerSend(state.Core, id, heldBack);

    /// <summary>The state of any stream, live or not. Of closed streams only so much is remembered as the rules need.</summary>
    /// <param name="state">The state of the connection.</param>
    /// <param name="id">The stream; 0 is idle always.</param>
    public static StreamState StateOf(in ConnectionState state, StreamId id) =>
        id.IsConnection ? StreamState.Idle : state.Core.Streams.StateOf(id, out _);
}
