namespace Http2.Pure;

/// <summary>How a connection ends, with GOAWAY (RFC 9113 §6.8) or because the transport does.</summary>
internal static class GoingAway
{
    /// <summary>The octets of the PING whose answer tells that the peer has seen the warning: "shutdown" in ASCII.</summary>
    public const ulong ShutdownPing = 0x73687574646f776e;

    /// <summary>Whether a stream is beyond the last one that this end takes: frames for it are discarded (RFC 9113 §6.8).</summary>
    public static bool IsPastGoAway(in Core core, StreamId id) =>
        core.Closing.Sent is { IsFinal: true, Last: var last } && id.Value > last.Value && !core.Streams.IsOwn(id);

    /// <summary>Whether no stream may be opened any more.</summary>
    public static bool IsGoing(in Core core) =>
        core.Phase == Phase.Finished || core.Closing.IsLocal || core.Closing.ReceivedLast is not null;

    /// <summary>Whether a client that sent GOAWAY has no stream left here.</summary>
    public static bool IsLeft(in Core core) =>
        core.Role == Role.Server && core.Phase == Phase.Running && core.Closing.ReceivedLast is not null && core.Streams.LiveCount == 0
        && core.Block is null;

    /// <summary>The last stream of the peer that this end took; not above what an earlier GOAWAY named.</summary>
    public static StreamId LastTaken(in Core core) =>
        new(Math.Min(core.Streams.HighestPeer.Value, core.Closing.Sent?.Last.Value ?? WireConstants.MaxStreamId));

    /// <summary>Sends GOAWAY.</summary>
    /// <param name="core">The state.</param>
    /// <param name="goAway">What it says of the last stream.</param>
    /// <param name="code">Why the connection ends.</param>
    /// <param name="effects">Where effects go.</param>
    /// <param name="debug">Debug data.</param>
    public static void SendGoAway(
        ref Core core, SentGoAway goAway, ErrorCode code, Effects effects, ReadOnlySpan<byte> debug = default)
    {
        GoAwayFrame.Write(effects.Output, goAway.Last, code, debug);
        core.Closing = core.Closing with { Sent = goAway };
    }

    /// <summary>
    /// The application wants the connection to end: everything has to be over in time, also when the connection had begun to end by itself.
    /// </summary>
    public static void ShutDown(ref Core core, Turn turn)
    {
        if (core.Closing.Shutdown is { IsUnhurried: true } && core.Phase != Phase.Finished)
            core.Closing = core.Closing with { Shutdown = new(turn.Now, IsUnhurried: false) };
        BeginShutdown(ref core, isUnhurried: false, turn);
    }

    /// <summary>Begins a graceful end, unless one has begun.</summary>
    /// <param name="core">The state.</param>
    /// <param name="isUnhurried">Whether the connection begins it by itself.</param>
    /// <param name="turn">Where effects go, and the time.</param>
    public static void BeginShutdown(ref Core core, bool isUnhurried, Turn turn)
    {
        if (core.Closing.IsLocal || core.Phase == Phase.Finished)
            return;
        core.Closing = core.Closing with { Shutdown = new(turn.Now, isUnhurried) };
        // A client opens the streams itself, so it has nobody to warn.
        if (core.Role == Role.Client)
        {
            SendFinalGoAway(ref core, turn.Effects);
            return;
        }
        // §6.8: the largest identifier warns the peer; requests already on their way are still taken for one round trip
        SendGoAway(ref core, new(new(WireConstants.MaxStreamId), IsFinal: false), ErrorCode.NoError, turn.Effects);
        PingFrame.Write(turn.Output, ShutdownPing);
    }

    /// <summary>Says which stream is the last.</summary>
    public static void SendFinalGoAway(ref Core core, Effects effects)
    {
        SendGoAway(ref core, new(LastTaken(core), IsFinal: true), ErrorCode.NoError, effects);
        FinishWhenDone(ref core);
    }

    /// <summary>Finishes a connection that is going away once no stream is left.</summary>
    public static void FinishWhenDone(ref Core core)
    {
        if (core.Streams.LiveCount > 0 || core.Block is not null)
            return;
        // A client that was told to go can do nothing more here. A server first takes what the client had sent before its GOAWAY was read.
        var told = core.Role == Role.Client && core.Closing.ReceivedLast is not null;
        if (core.Closing.IsFinal || told || core.Closing.InputEnded)
            core.Phase = Phase.Finished;
    }

    /// <summary>Ends the connection at once.</summary>
    public static void EndNow(ref Core core, ErrorCode code, Effects effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        SendGoAway(ref core, new(LastTaken(core), IsFinal: true), code, effects);
        StreamClosing.CloseAll(ref core, code == ErrorCode.NoError ? ErrorCode.Cancel : code, effects);
    }

    /// <summary>
    /// The peer has sent everything it ever will. A server goes on answering what was asked for completely (RFC 9113 §5.1: half-closed streams
    /// may still be sent on); a client has nothing to wait for, since nothing can come any more.
    /// </summary>
    public static void EndWithInput(ref Core core, Effects effects)
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
        foreach (var record in core.Streams.Set)
        {
            if (record is StreamRecord.Live stream && stream.State.CanReceive())
                StreamClosing.Close(ref core, stream, StreamState.ResetByPeer, ErrorCode.Cancel, effects);
        }
        FinishWhenDone(ref core);
    }

    /// <summary>Nothing can be sent or received any more.</summary>
    public static void EndWithTransport(ref Core core, Effects effects)
    {
        if (core.Phase != Phase.Finished)
            StreamClosing.CloseAll(ref core, ErrorCode.Cancel, effects);
    }
}
