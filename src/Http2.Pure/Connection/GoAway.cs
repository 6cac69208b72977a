namespace Http2.Pure;

/// <content>The end of a connection (RFC 9113 §6.8).</content>
public static partial class Connection
{
    // "shutdown" in ASCII: marks the PING whose answer tells that the peer has seen the warning
    private const ulong ShutdownPing = 0x73687574646f776e;

    /// <summary>Whether a stream is beyond the last one that this end takes: frames for it are discarded (RFC 9113 §6.8).</summary>
    private static bool IsPastGoAway(in Core core, StreamId id) =>
        core.Closing is { IsFinal: true, SentLast: { } last } && id.Value > last.Value && !core.IsOwn(id);

    private static bool IsWarned(in Core core) => core.Closing is { SentLast: not null, IsFinal: false };

    /// <summary>The last stream of the peer that this end took, within what it said before.</summary>
    private static StreamId LastTaken(in Core core) =>
        new(Math.Min(core.HighestPeer.Value, core.Closing.SentLast?.Value ?? WireConstants.MaxStreamId));

    private static void SendGoAway(
        ref Core core, StreamId last, ErrorCode code, bool isFinal, EffectBuffer effects, ReadOnlySpan<byte> debug = default)
    {
        GoAwayFrame.Write(effects.Output, last, code, debug);
        core.Closing = core.Closing with { SentLast = last, IsFinal = isFinal };
    }

    /// <summary>The application's wish to end: all of it has to be over in time, also when the connection had begun to end by itself.</summary>
    private static void ShutDown(ref Core core, long now, EffectBuffer effects)
    {
        if (core.Closing.IsUnhurried && core.Phase != Phase.Finished)
            core.Closing = core.Closing with { ShutdownAt = now, IsUnhurried = false };
        BeginShutdown(ref core, now, isUnhurried: false, effects);
    }

    private static void BeginShutdown(ref Core core, long now, bool isUnhurried, EffectBuffer effects)
    {
        if (core.Closing.IsLocal || core.Phase == Phase.Finished)
            return;
        core.Closing = core.Closing with { ShutdownAt = now, IsUnhurried = isUnhurried };
        // a client opens the streams itself: it has nobody to warn
        if (core.Role == Role.Client)
        {
            SendFinalGoAway(ref core, ErrorCode.NoError, effects);
            return;
        }
        // §6.8: the largest identifier warns the peer; requests already on their way are still taken for one round trip
        SendGoAway(ref core, new(WireConstants.MaxStreamId), ErrorCode.NoError, isFinal: false, effects);
        PingFrame.Write(effects.Output, ShutdownPing);
    }

    private static void SendFinalGoAway(ref Core core, ErrorCode code, EffectBuffer effects)
    {
        SendGoAway(ref core, LastTaken(core), code, isFinal: true, effects);
        FinishWhenDone(ref core);
    }

    /// <summary>Finishes a connection that is going away once no stream is left.</summary>
    private static void FinishWhenDone(ref Core core)
    {
        if (core.Live > 0 || core.Block is not null)
            return;
        // a client that was told to go can do nothing more here; a server takes what the client had sent before it reads that it is told
        var told = core.Role == Role.Client && core.Closing.ReceivedLast is not null;
        if (core.Closing.IsFinal || told || core.Closing.InputEnded)
            core.Phase = Phase.Finished;
    }

    /// <summary>Whether a client that said GOAWAY has no stream left here.</summary>
    private static bool IsLeft(in Core core) =>
        core.Role == Role.Server && core.Phase == Phase.Running && core.Closing.ReceivedLast is not null && core.Live == 0
        && core.Block is null;

    private static void EndNow(ref Core core, ErrorCode code, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        SendGoAway(ref core, LastTaken(core), code, isFinal: true, effects);
        CloseAll(ref core, code == ErrorCode.NoError ? ErrorCode.Cancel : code, effects);
    }

    /// <summary>
    /// The peer has sent all it ever will. A server goes on answering what was asked for completely (RFC 9113 §5.1: half-closed streams may
    /// still be sent on); a client has nothing to wait for, since nothing can come any more.
    /// </summary>
    private static void EndWithInput(ref Core core, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished || core.Closing.InputEnded)
            return;
        if (core.Role == Role.Client || core.Phase != Phase.Running)
        {
            EndWithTransport(ref core, effects);
            return;
        }
        core.Closing = core.Closing with { InputEnded = true };
        core.Block = null;
        foreach (var stream in core.Streams)
        {
            if (!stream.State.IsClosed() && stream.State.CanReceive())
                Close(ref core, stream, StreamState.ResetByPeer, ErrorCode.Cancel, effects);
        }
        FinishWhenDone(ref core);
    }

    /// <summary>Nothing can be sent or received any more.</summary>
    private static void EndWithTransport(ref Core core, EffectBuffer effects)
    {
        if (core.Phase != Phase.Finished)
            CloseAll(ref core, ErrorCode.Cancel, effects);
    }

    /// <summary>Once no input comes no window grows: a body that waits for one waits for ever.</summary>
    private static void GiveUpStuck(ref Core core, EffectBuffer effects)
    {
        if (!core.Closing.InputEnded || core.Pending == 0 || core.Phase == Phase.Finished)
            return;
        foreach (var stream in core.Streams)
        {
            if (!stream.Outbound.IsEmpty && !stream.State.IsClosed() && (core.SendWindow.Room == 0 || Sendable(core, stream) == 0))
            {
                RstStreamFrame.Write(effects.Output, stream.Id, ErrorCode.Cancel);
                Close(ref core, stream, StreamState.ResetByUs, ErrorCode.Cancel, effects);
            }
        }
    }
}
