namespace Http2.Pure;

/// <summary>Writes DATA frames, which spend the window of the connection.</summary>
internal static class BodySending
{
    // A larger body waits for its turn, so that one answer does not hold up the others.
    private const int MostAtOnce = 64 * 1024;

    /// <summary>How long a body may be to go out with its head.</summary>
    /// <param name="core">The state.</param>
    /// <param name="stream">The record of the stream; a stream without one has spent nothing of its window.</param>
    public static int RoomFor(in Core core, StreamRecord.Live? stream)
    {
        var window = (stream?.Outgoing.Offset ?? default).Grow(core.Peer.InitialWindow).Room;
        return (int)Math.Min(MostAtOnce, Math.Min(window, core.Flow.Send.Room));
    }

    /// <summary>Writes a whole body; only when both windows have room for it.</summary>
    public static void Write(ref Core core, StreamId id, ReadOnlySpan<byte> body, bool endStream, Effects effects)
    {
        while (true)
        {
            var part = body[..Math.Min(body.Length, core.Peer.MaxFrameSize)];
            body = body[part.Length..];
            part.CopyTo(ReserveFrame(ref core, id, part.Length, endStream && body.IsEmpty, effects));
            if (body.IsEmpty)
                return;
        }
    }

    /// <summary>Writes the frames of a whole body, whose octets the caller writes.</summary>
    public static void Reserve(ref Core core, StreamId id, int length, Effects effects)
    {
        while (length > 0)
        {
            var part = Math.Min(length, core.Peer.MaxFrameSize);
            length -= part;
            ReserveFrame(ref core, id, part, endStream: length == 0, effects);
        }
    }

    /// <summary>Writes one frame, whose octets the caller writes.</summary>
    public static Span<byte> ReserveFrame(ref Core core, StreamId id, int length, bool endStream, Effects effects)
    {
        core.Flow.SpendSend(length);
        core.Allowances.EarnUpdates(Allowances.UpdatesPerDataFrame);
        return DataFrame.Reserve(effects.Output, id, length, endStream);
    }
}
