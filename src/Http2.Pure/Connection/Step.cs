using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// A connection as the documented face sees it: its state, and the octets of a frame that is not complete yet. Immutable, thread-safe,
/// equal by content.
/// </summary>
public sealed record ConnectionFold
{
    internal ConnectionFold(in ConnectionState state, Leftover leftover) => (State, Leftover) = (state, leftover);

    /// <summary>The state.</summary>
    public ConnectionState State { get; }

    /// <summary>How many octets of an incomplete frame are kept.</summary>
    public int Incomplete => Leftover.Length;

    internal Leftover Leftover { get; }
}

/// <summary>What one input led to.</summary>
/// <param name="State">The connection afterwards.</param>
/// <param name="Output">Octets to send.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Opened">The stream that the input opened or promised, if it did.</param>
public sealed record Step(ConnectionFold State, Octets Output, ImmutableArray<ConnectionEvent> Events, Option<StreamId> Opened);

/// <content>
/// The documented face: <c>(state, input) -> (state, octets, events)</c>. It runs on the same functions as the span face, with buffers of
/// its own.
/// </content>
public static partial class Connection
{
    /// <summary>A new connection: its state, and the octets that this end sends first. See <see cref="Open"/>.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">What it announces and bounds.</param>
    /// <param name="now">The time, in milliseconds of any monotonic clock.</param>
    public static Step Start(Role role, ConnectionOptions options, long now)
    {
        var effects = new EffectBuffer();
        return StepOf(Open(role, options, now, effects), Leftover.None, effects, default);
    }

    /// <summary>
    /// The transition for any input; total. A command that is refused leaves everything as it is; use <see cref="Submit"/> to learn why.
    /// </summary>
    /// <param name="fold">The connection.</param>
    /// <param name="input">What happens to it.</param>
    public static Step Step(ConnectionFold fold, Input input) =>
        TrySubmit(fold, input, out var step, out _) ? step : new Step(fold, default, [], default);

    /// <summary>The transition for any input, or why a command was refused.</summary>
    /// <param name="fold">The connection.</param>
    /// <param name="input">What happens to it.</param>
    public static Either<Misuse, Step> Submit(ConnectionFold fold, Input input) =>
        TrySubmit(fold, input, out var step, out var misuse) ? step : misuse;

    /// <summary>The transition for any input, or why a command was refused: <see cref="Submit"/> with out parameters.</summary>
    /// <param name="fold">The connection; it stays valid.</param>
    /// <param name="input">What happens to it.</param>
    /// <param name="step">What the input led to; null when it was refused, and then nothing has changed.</param>
    /// <param name="misuse">Why the input was refused; <see cref="Misuse.None"/> when it was not.</param>
    /// <returns>Whether the input was taken. What the peer sends is always taken: its faults are events.</returns>
    public static bool TrySubmit(ConnectionFold fold, Input input, [NotNullWhen(true)] out Step? step, out Misuse misuse)
    {
        var effects = new EffectBuffer();
        var state = fold.State;
        var leftover = fold.Leftover;
        StreamId opened = default;
        misuse = Misuse.None;
        switch (input)
        {
            case Input.Received received:
                (state, leftover) = ReceiveAll(state, leftover.Add(received.Octets), received.Now, effects);
                break;
            case Input.EndOfInput:
                (state, leftover) = (EndOfInput(state, effects), Leftover.None);
                break;
            case Input.Disconnected:
                (state, leftover) = (Disconnect(state, effects), Leftover.None);
                break;
            case Input.Tick tick:
                state = Tick(state, tick.Now, effects);
                break;
            case Input.Drain drain:
                state = Drain(state, drain.Budget, effects);
                break;
            default:
                misuse = SubmitCommand(ref state, input, effects, out opened);
                break;
        }
        step = misuse == Misuse.None ? StepOf(state, IsFinished(state) ? Leftover.None : leftover, effects, opened) : null;
        return step is not null;
    }

    private static Misuse SubmitCommand(ref ConnectionState state, Input input, EffectBuffer effects, out StreamId opened)
    {
        opened = default;
        // in and out must not be one variable: what is read would be what is being written
        var before = state;
        switch (input)
        {
            case Input.SubmitPush push:
                return SubmitPush(before, push.Parent, push.Fields.AsSpan(), effects, out opened, out state);
            case Input.SubmitRequest request:
                return SubmitRequest(before, request.Fields.AsSpan(), request.EndStream, effects, out opened, out state);
            case Input.SubmitSettings settings:
                return SubmitSettings(before, settings.Settings.AsSpan(), settings.Now, effects, out state);
            case Input.SubmitPing ping:
                state = SubmitPing(state, ping.Opaque, effects);
                return Misuse.None;
            case Input.SetDate date:
                return SetDate(before, date.Date, out state);
            case Input.Shutdown shutdown:
                state = Shutdown(state, shutdown.Now, effects);
                return Misuse.None;
            case Input.BoundUnread bound:
                state = BoundUnread(state, bound.Octets, effects);
                return Misuse.None;
            case Input.Abort abort:
                state = Abort(state, abort.Code, effects);
                return Misuse.None;
            default:
                return SubmitOnStream(ref state, input, effects);
        }
    }

    private static Misuse SubmitOnStream(ref ConnectionState state, Input input, EffectBuffer effects)
    {
        var before = state;
        switch (input)
        {
            case Input.SubmitResponse response:
                return SubmitResponse(before, response.Id, response.Head, response.Body.Memory, response.EndStream, effects, out state);
            case Input.SubmitInformational informational:
                return SubmitInformational(before, informational.Id, informational.Head, effects, out state);
            case Input.SubmitData data:
                return SubmitData(before, data.Id, data.Data.Memory, data.EndStream, effects, out state);
            case Input.SubmitTrailers trailers:
                return SubmitTrailers(before, trailers.Id, trailers.Fields.AsSpan(), effects, out state);
            case Input.SubmitReset reset:
                return SubmitReset(before, reset.Id, reset.Code, effects, out state);
            case Input.Consume consume:
                state = Consume(state, consume.Id, consume.Octets, effects);
                return Misuse.None;
            case Input.Retire retire:
                state = Retire(state, retire.Id);
                return Misuse.None;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static (ConnectionState State, Leftover Leftover) ReceiveAll(
        ConnectionState state, Leftover input, long now, EffectBuffer effects)
    {
        if (!input.IsEnough)
            return (state, input);
        var octets = input.Join();
        while (true)
        {
            state = Receive(state, octets.Memory, now, effects, out var consumed);
            if (consumed == 0)
                break;
            octets = octets.Slice(consumed, octets.Length - consumed);
        }
        return (state, state.Core.Phase == Phase.AwaitingPreface ? Leftover.OfPreface(octets) : Leftover.Of(octets));
    }

    private static Step StepOf(in ConnectionState state, Leftover leftover, EffectBuffer effects, StreamId opened) => new(
        new ConnectionFold(state, leftover),
        Octets.Copy(effects.Output.WrittenMemory.Span),
        [.. effects.Events],
        opened.IsConnection ? Option<StreamId>.None : Option<StreamId>.Some(opened));
}
