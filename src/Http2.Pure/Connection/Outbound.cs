using Hpack.Pure;

namespace Http2.Pure;

/// <content>Writing heads, and the fair sending of queued bodies.</content>
public static partial class Connection
{
    private static void WriteHead(ref Core core, StreamId id, in OutboundHead head, bool endStream, EffectBuffer effects)
    {
        var start = HeadersFrame.Begin(effects.Output);
        var block = new BlockWriter(core.Encoder, effects.Output);
        block.WriteStatus(head.Status);
        foreach (var field in head.Fields.AsSpan())
            block.Write(field);
        if (head.ContentLength >= 0)
            block.WriteContentLength(head.ContentLength);
        if (head.Date is { } date)
            block.Write(date);
        core.Encoder = block.Complete();
        HeadersFrame.End(effects.Output, start, id, endStream, core.Peer.MaxFrameSize);
    }

    private static void WriteFields(ref Core core, StreamId id, ReadOnlySpan<HeaderField> fields, bool endStream, EffectBuffer effects)
    {
        var start = HeadersFrame.Begin(effects.Output);
        core.Encoder = EncodeFields(core.Encoder, fields, effects);
        HeadersFrame.End(effects.Output, start, id, endStream, core.Peer.MaxFrameSize);
    }

    private static EncoderState EncodeFields(EncoderState encoder, ReadOnlySpan<HeaderField> fields, EffectBuffer effects)
    {
        var block = new BlockWriter(encoder, effects.Output);
        foreach (var field in fields)
            block.Write(field);
        return block.Complete();
    }

    /// <summary>A whole body in DATA frames; only when both windows have room for it.</summary>
    private static void WriteBody(ref Core core, StreamId id, ReadOnlySpan<byte> body, bool endStream, EffectBuffer effects)
    {
        while (true)
        {
            var part = body[..Math.Min(body.Length, core.Peer.MaxFrameSize)];
            body = body[part.Length..];
            part.CopyTo(ReserveData(ref core, id, part.Length, endStream && body.IsEmpty, effects));
            if (body.IsEmpty)
                return;
        }
    }

    /// <summary>The frames of a whole body, whose octets the caller writes.</summary>
    private static void ReserveBody(ref Core core, StreamId id, int length, EffectBuffer effects)
    {
        while (length > 0)
        {
            var part = Math.Min(length, core.Peer.MaxFrameSize);
            length -= part;
            ReserveData(ref core, id, part, endStream: length == 0, effects);
        }
    }

    /// <summary>A DATA frame, whose octets the caller writes.</summary>
    private static Span<byte> ReserveData(ref Core core, StreamId id, int length, bool endStream, EffectBuffer effects)
    {
        core.SendWindow = core.SendWindow.Spend(length);
        EarnUpdateCredit(ref core, UpdateCreditPerFrame);
        return DataFrame.Reserve(effects.Output, id, length, endStream);
    }

    /// <summary>How much of its queue a stream may send now.</summary>
    private static long Sendable(in Core core, StreamRecord stream) =>
        Math.Min(stream.Outbound.Length, stream.SendOffset.Grow(core.Peer.InitialWindow).Room);

    private static bool HasSendable(in Core core)
    {
        if (core.Pending == 0)
            return false;
        // what cannot be sent then is given up
        if (core.Closing.InputEnded)
            return true;
        if (core.SendWindow.Room == 0)
            return false;
        foreach (var chunk in core.Streams.Chunks)
        {
            foreach (var stream in chunk)
            {
                if (Sendable(core, stream) > 0)
                    return true;
            }
        }
        return false;
    }

    /// <summary>
    /// One DATA frame for each stream in turn, beginning behind the one that was served last, until the budget, the window or the queues
    /// are empty. The place in the rotation is kept in the state, so no stream starves however small the budgets are.
    /// </summary>
    private static void DrainQueues(ref Core core, int budget, EffectBuffer effects)
    {
        var idle = 0;
        while (budget > 0 && core.Pending > 0 && core.SendWindow.Room > 0 && idle < core.Streams.Count)
        {
            var stream = core.Streams.After(core.Cursor) ?? core.Streams.After(StreamId.Connection)!;
            core.Cursor = stream.Id;
            var size = Sendable(core, stream);
            if (size == 0)
            {
                idle++;
                continue;
            }
            idle = 0;
            // a budget ends between frames: cutting the last one short would only make more frames
            size = Math.Min(size, Math.Min(core.SendWindow.Room, core.Peer.MaxFrameSize));
            budget -= (int)size;
            SendQueued(ref core, stream, (int)size, effects);
        }
        GiveUpStuck(ref core, effects);
    }

    private static void SendQueued(ref Core core, StreamRecord before, int size, EffectBuffer effects)
    {
        var queue = before.Outbound;
        var end = size == queue.Length && before.Has(StreamFlags.EndQueued);
        var payload = ReserveData(ref core, before.Id, size, end && before.Trailers is null, effects);
        while (!payload.IsEmpty)
        {
            var part = queue.First.Span[..Math.Min(queue.First.Length, payload.Length)];
            part.CopyTo(payload);
            payload = payload[part.Length..];
            queue = queue.Take(part.Length);
        }
        var after = before with { Outbound = queue, SendOffset = before.SendOffset.Spend(size) };
        effects.Events.Add(new ConnectionEvent.DataSent(before.Id, size, queue.Length));
        if (!end)
        {
            Put(ref core, before, after);
            return;
        }
        if (before.Trailers is { } trailers)
            WriteFields(ref core, before.Id, trailers.Items.AsSpan(), endStream: true, effects);
        EndSending(ref core, before, after with { Trailers = null }, effects);
    }
}
