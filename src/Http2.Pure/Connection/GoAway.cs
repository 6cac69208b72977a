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
        new(Math.Min(core.HighestPeer.Value, core.Closing.SentLast?.Value ?? StreamId.MaxValue));

    private static void SendGoAway(
        ref Core core, StreamId last, ErrorCode code, bool isFinal, EffectBuffer effects, ReadOnlySpan<byte> debug = default)
    {
        FrameWriter.WriteGoAway(effects.Output, last, code, debug);
        core.Closing = core.Closing with { SentLast = last, IsFinal = isFinal };
    }

    private static void BeginShutdown(ref Core core, long now, EffectBuffer effects)
    {
        if (core.Closing.IsLocal || core.Phase == Phase.Finished)
            return;
        core.Closing = core.Closing with { ShutdownAt = now };
        // a client opens the streams itself: it has nobody to warn
        if (core.Role == Role.Client)
        {
            SendFinalGoAway(ref core, ErrorCode.NoError, effects);
            return;
        }
        // §6.8: the largest identifier warns the peer; requests already on their way are still taken for one round trip
        SendGoAway(ref core, new(StreamId.MaxValue), ErrorCode.NoError, isFinal: false, effects);
        FrameWriter.WritePing(effects.Output, ShutdownPing);
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
        // a client that was told to go can do nothing more here; a server waits, since the client may still ask
        var told = core.Role == Role.Client && core.Closing.ReceivedLast is not null;
        if (core.Closing.IsFinal || told)
            core.Phase = Phase.Finished;
    }

    private static void EndNow(ref Core core, ErrorCode code, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        SendGoAway(ref core, LastTaken(core), code, isFinal: true, effects);
        CloseAll(ref core, code == ErrorCode.NoError ? ErrorCode.Cancel : code, effects);
    }

    private static void EndWithInput(ref Core core, EffectBuffer effects)
    {
        if (core.Phase != Phase.Finished)
            CloseAll(ref core, ErrorCode.Cancel, effects);
    }
}
