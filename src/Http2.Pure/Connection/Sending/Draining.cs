namespace Http2.Pure;

/// <summary>Sends queued bodies, fairly between streams and as the windows allow.</summary>
internal static class Draining
{
    /// <summary>Whether <see cref="Drain"/> would do anything.</summary>
    public static bool CanDrain(in Core core)
    {
        if (core.Streams.WaitingCount == 0)
            return false;
        // Once the input has ended, what cannot be sent is given up.
        if (core.Closing.InputEnded)
            return true;
        if (core.Flow.Send.Room == 0)
            return false;
        // Most likely it is the stream that was touched last.
        if (core.Streams.Warm is { } warm && Sendable(core, warm) > 0)
            return true;
        foreach (var chunk in core.Streams.Others.Chunks)
        {
            foreach (var record in chunk)
            {
                if (record.Id != core.Streams.Warm?.Id && Sendable(core, record) > 0)
                    return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Sends one DATA frame for each stream in turn, beginning behind the one that was served last, until the budget, the window or the queues
    /// are empty. The place in the rotation is kept in the state, so no stream starves however small the budgets are.
    /// </summary>
    /// <param name="core">The state.</param>
    /// <param name="budget">About how many octets may be written.</param>
    /// <param name="effects">Where effects go.</param>
    public static void Drain(ref Core core, int budget, Effects effects)
    {
        var idle = 0;
        while (budget > 0 && core.Streams.WaitingCount > 0 && core.Flow.Send.Room > 0 && idle < core.Streams.RecordCount)
        {
            var record = core.Streams.TakeTurn();
            var size = Sendable(core, record);
            if (size == 0)
            {
                idle++;
                continue;
            }
            idle = 0;
            // A budget ends between frames: to cut the last frame short would only make more frames.
            size = Math.Min(size, Math.Min(core.Flow.Send.Room, core.Peer.MaxFrameSize));
            budget -= (int)size;
            SendQueued(ref core, (StreamRecord.Live)record, (int)size, effects);
        }
        GiveUpStuck(ref core, effects);
    }

    private static long Sendable(in Core core, StreamRecord record) =>
        record is StreamRecord.Live stream ? stream.Outgoing.Sendable(core.Peer.InitialWindow) : 0;

    private static void SendQueued(ref Core core, StreamRecord.Live before, int size, Effects effects)
    {
        var queue = before.Outgoing.Queue;
        var end = size == queue.Length ? before.Outgoing.End : null;
        var payload = BodySending.ReserveFrame(ref core, before.Id, size, end is { Trailers: null }, effects);
        while (!payload.IsEmpty)
        {
            var part = queue.First.Span[..Math.Min(queue.First.Length, payload.Length)];
            part.CopyTo(payload);
            payload = payload[part.Length..];
            queue = queue.Take(part.Length);
        }
        var after = before with { Outgoing = before.Outgoing.Sent(size, queue) };
        effects.Events.Add(new ConnectionEvent.DataSent(before.Id, size, queue.Length));
        if (end is null)
        {
            core.Streams.Put(before, after);
            return;
        }
        if (end.Trailers is { } trailers)
            HeadSending.WriteFields(ref core, before.Id, trailers.Items.AsSpan(), endStream: true, effects);
        StreamClosing.EndSending(ref core, before, after, effects);
    }

    /// <summary>Once no input comes no window grows: a body that waits for one would wait for ever, so its stream is reset.</summary>
    private static void GiveUpStuck(ref Core core, Effects effects)
    {
        if (!core.Closing.InputEnded || core.Streams.WaitingCount == 0 || core.Phase == Phase.Finished)
            return;
        foreach (var record in core.Streams.Set)
        {
            if (record is StreamRecord.Live { Outgoing.Queue.IsEmpty: false } stream
                && (core.Flow.Send.Room == 0 || Sendable(core, stream) == 0))
            {
                RstStreamFrame.Write(effects.Output, stream.Id, ErrorCode.Cancel);
                StreamClosing.Close(ref core, stream, StreamState.ResetByUs, ErrorCode.Cancel, effects);
            }
        }
    }
}
