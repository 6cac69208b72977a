using System.Collections.Immutable;
using System.Globalization;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// A connection as <see cref="Connection.Step"/> sees it: its state, and the octets of a frame that is not complete yet. Immutable,
/// thread-safe, equal by content.
/// </summary>
public sealed record ConnectionFold
{
    internal ConnectionFold(in ConnectionState state, PartialFrame partial) => (State, Partial) = (state, partial);

    /// <summary>The state.</summary>
    public ConnectionState State { get; }

    /// <summary>How many octets of an incomplete frame are kept.</summary>
    public int Incomplete => Partial.Length;

    internal PartialFrame Partial { get; }
}

/// <summary>What one input led to. Immutable.</summary>
/// <param name="State">The connection afterwards.</param>
/// <param name="Output">Octets to send.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Opened">The stream that the input opened or promised, if it did.</param>
public sealed record Step(ConnectionFold State, Octets Output, ImmutableArray<ConnectionEvent> Events, Option<StreamId> Opened)
{
    /// <summary>What the step led to but for the state, for example <c>Step { Output = 9 octets, Events = [], Opened = None }</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Step {{ Output = {Output.Length} octets, Events = [{string.Join(", ", Events.IsDefault ? [] : Events)}], Opened = {Opened} }}");
}

/// <summary>
/// Carries out any <see cref="Input"/>: the documented face over the functions of <see cref="Connection"/>, with buffers of its own.
/// </summary>
internal static class Folding
{
    public static Refusal Submit(ConnectionFold fold, Input input, out Step? step)
    {
        var effects = new Effects();
        var (state, partial, opened, refusal) = (fold.State, fold.Partial, default(StreamId), Refusal.None);
        switch (input)
        {
            case Input.Received received:
                (state, partial) = Receive(state, partial.Add(received.Octets), received.Now, effects);
                break;
            case Input.EndOfInput:
                (state, partial) = (Connection.EndOfInput(state, effects), PartialFrame.None);
                break;
            case Input.Disconnected:
                (state, partial) = (Connection.Disconnect(state, effects), PartialFrame.None);
                break;
            case Input.Tick tick:
                state = Connection.Tick(state, tick.Now, effects);
                break;
            case Input.Drain drain:
                state = Connection.Drain(state, drain.Budget, effects);
                break;
            default:
                refusal = SubmitCommand(ref state, input, effects, out opened);
                break;
        }
        step = refusal == Refusal.None
            ? StepOf(state, Connection.IsFinished(state) ? PartialFrame.None : partial, effects, opened)
            : null;
        return refusal;
    }

    public static Step StepOf(in ConnectionState state, PartialFrame partial, Effects effects, StreamId opened) => new(
        new ConnectionFold(state, partial),
        Octets.Copy(effects.Output.WrittenMemory.Span),
        [.. effects.Events],
        opened.IsConnection ? Option<StreamId>.None : Option<StreamId>.Some(opened));

    private static Refusal SubmitCommand(ref ConnectionState state, Input input, Effects effects, out StreamId opened)
    {
        opened = default;
        // A function reads the state that it was given while it writes the next one, so the two must not be the same variable.
        var before = state;
        switch (input)
        {
            case Input.SubmitPush push:
                return Connection.SubmitPush(before, push.Parent, push.Fields.AsSpan(), effects, out opened, out state);
            case Input.SubmitRequest request:
                return Connection.SubmitRequest(before, request.Fields.AsSpan(), request.EndStream, effects, out opened, out state);
            case Input.SubmitSettings settings:
                return Connection.SubmitSettings(before, settings.Settings.AsSpan(), settings.Now, effects, out state);
            case Input.SubmitPing ping:
                state = Connection.SubmitPing(before, ping.Opaque, effects);
                return Refusal.None;
            case Input.SetDate date:
                return Connection.SetDate(before, date.Date, out state);
            case Input.Shutdown shutdown:
                state = Connection.Shutdown(before, shutdown.Now, effects);
                return Refusal.None;
            case Input.BoundUnread bound:
                state = Connection.BoundUnread(before, bound.Octets, effects);
                return Refusal.None;
            case Input.Abort abort:
                state = Connection.Abort(before, abort.Code, effects);
                return Refusal.None;
            default:
                return SubmitOnStream(ref state, input, effects);
        }
    }

    private static Refusal SubmitOnStream(ref ConnectionState state, Input input, Effects effects)
    {
        var before = state;
        switch (input)
        {
            case Input.SubmitResponse response:
                var body = new OutboundBody(response.Body.Memory, response.EndStream);
                return Connection.SubmitResponse(before, response.Id, response.Head, body, effects, out state);
            case Input.SubmitInformational informational:
                return Connection.SubmitInformational(before, informational.Id, informational.Head, effects, out state);
            case Input.SubmitData data:
                return Connection.SubmitData(before, data.Id, data.Data.Memory, data.EndStream, effects, out state);
            case Input.SubmitTrailers trailers:
                return Connection.SubmitTrailers(before, trailers.Id, trailers.Fields.AsSpan(), effects, out state);
            case Input.SubmitReset reset:
                return Connection.SubmitReset(before, reset.Id, reset.Code, effects, out state);
            case Input.SubmitPriority priority:
                return Connection.SubmitPriority(before, priority.Id, priority.FieldValue.Span, effects, out state);
            case Input.Consume consume:
                state = Connection.Consume(before, consume.Id, consume.Octets, effects);
                return Refusal.None;
            case Input.Retire retire:
                state = Connection.Retire(before, retire.Id);
                return Refusal.None;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static (ConnectionState State, PartialFrame Partial) Receive(
        ConnectionState state, PartialFrame input, long now, Effects effects)
    {
        if (!input.IsEnough)
            return (state, input);
        var octets = input.Join();
        while (true)
        {
            state = Connection.Receive(state, octets.Memory, now, effects, out var consumed);
            if (consumed == 0)
                break;
            octets = octets.Slice(consumed, octets.Length - consumed);
        }
        return (state, state.Core.Phase == Phase.AwaitingPreface ? PartialFrame.OfPreface(octets) : PartialFrame.Of(octets));
    }
}
