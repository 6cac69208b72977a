namespace Http2.Pure;

/// <summary>How streams end, one by one or all together with the connection.</summary>
internal static class StreamClosing
{
    /// <summary>
    /// Ends a live stream. What the application has not consumed is given back to the window of the connection, and the application is told
    /// once.
    /// </summary>
    /// <param name="core">The state.</param>
    /// <param name="stream">The last value of the stream.</param>
    /// <param name="state">The closed state that it ends in.</param>
    /// <param name="code">The code that the application is told.</param>
    /// <param name="effects">Where effects go.</param>
    public static void Close(ref Core core, StreamRecord.Live stream, StreamState state, ErrorCode code, Effects effects)
    {
        var abnormal = state != StreamState.Ended;
        core.Streams.Close(stream, state);
        core.Flow.Consume(stream.Incoming.Unconsumed);
        Crediting.Refill(ref core, effects);
        if (!abnormal && !core.Streams.IsOwn(stream.Id))
            core.Allowances.EarnReset();
        effects.Events.Add(new ConnectionEvent.StreamClosed(stream.Id, code, abnormal));
        GoingAway.FinishWhenDone(ref core);
    }

    /// <summary>The fresh request ended with its answer: the most frequent case, for which nothing has to be looked up.</summary>
    public static void CloseFresh(ref Core core, StreamId id, Effects effects)
    {
        core.Streams.CloseFresh();
        core.Allowances.EarnReset();
        effects.Events.Add(new ConnectionEvent.StreamClosed(id, ErrorCode.NoError, Abnormal: false));
        GoingAway.FinishWhenDone(ref core);
    }

    /// <summary>Resets a stream of the peer that was counted but never got a record, because the application never heard of it.</summary>
    public static void ResetUnrecorded(ref Core core, StreamId id, ErrorCode code, Effects effects)
    {
        RstStreamFrame.Write(effects.Output, id, code);
        core.Streams.CloseUnrecorded(id, byReset: true);
        GoingAway.FinishWhenDone(ref core);
    }

    /// <summary>Ends all streams because the connection ends.</summary>
    public static void CloseAll(ref Core core, ErrorCode code, Effects effects)
    {
        core.Streams.RecordFresh();
        foreach (var record in core.Streams.Set)
        {
            if (record is StreamRecord.Live)
                effects.Events.Add(new ConnectionEvent.StreamClosed(record.Id, code, Abnormal: true));
        }
        core.Streams.Clear();
        core.Flow.Clear();
        core.Block = null;
        core.Phase = Phase.Finished;
    }

    /// <summary>END_STREAM of the peer came: the stream moves, and closes when it waited for nothing else.</summary>
    /// <param name="core">The state.</param>
    /// <param name="before">The value of the stream that is in the set.</param>
    /// <param name="stream">The value after the frame, but for its end.</param>
    /// <param name="effects">Where effects go.</param>
    public static void EndReceiving(ref Core core, StreamRecord.Live before, StreamRecord.Live stream, Effects effects)
    {
        var next = Lifecycle.Move(stream.State, StreamInput.ReceiveEndStream).State;
        if (next == StreamState.Ended)
            Close(ref core, stream, next, ErrorCode.NoError, effects);
        else
            core.Streams.Put(before, stream with { State = next });
    }

    /// <summary>END_STREAM of this end was sent: the stream moves, and closes when it waited for nothing else.</summary>
    /// <param name="core">The state.</param>
    /// <param name="before">The value of the stream that is in the set; null when this end has just opened it.</param>
    /// <param name="stream">The value after the frame, but for its end.</param>
    /// <param name="effects">Where effects go.</param>
    public static void EndSending(ref Core core, StreamRecord.Live? before, StreamRecord.Live stream, Effects effects)
    {
        var next = Lifecycle.Move(stream.State, StreamInput.SendEndStream).State;
        if (next == StreamState.Ended)
            Close(ref core, before ?? stream, next, ErrorCode.NoError, effects);
        else
            core.Streams.Put(before, stream with { State = next, Outgoing = stream.Outgoing with { End = null } });
    }
}
