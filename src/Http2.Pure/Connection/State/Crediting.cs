namespace Http2.Pure;

/// <summary>Announces credit to the peer with WINDOW_UPDATE, for the connection and for streams (RFC 9113 §6.9).</summary>
internal static class Crediting
{
    /// <summary>Fills the window of the connection up again; see <see cref="Flow.Refill"/>.</summary>
    public static void Refill(ref Core core, Effects effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        var increment = core.Flow.Refill();
        if (increment != 0)
            WindowUpdateFrame.Write(effects.Output, StreamId.Connection, increment);
    }

    /// <summary>Gives the peer back what it spent of the window of a stream; of no use once the peer has ended the stream.</summary>
    /// <param name="core">The state.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="octets">How many octets.</param>
    /// <param name="effects">Where effects go.</param>
    /// <returns>The stream afterwards, which is not in the set yet.</returns>
    public static StreamRecord.Live GiveBack(in Core core, StreamRecord.Live stream, long octets, Effects effects)
    {
        if (!stream.State.CanReceive())
            return stream;
        var incoming = stream.Incoming.GiveBack(octets, core.Ours.Latest.InitialWindow, out var increment);
        if (increment != 0)
            WindowUpdateFrame.Write(effects.Output, stream.Id, increment);
        return incoming == stream.Incoming ? stream : stream with { Incoming = incoming };
    }

    /// <summary>
    /// Announces what is owed on streams when their windows shrink: what was not worth a frame may now be more than all that the peer has
    /// left, and a peer that cannot send gives no occasion to announce it later.
    /// </summary>
    public static void AnnounceOwed(ref Core core, Effects effects)
    {
        foreach (var record in core.Streams.Set)
        {
            if (record is StreamRecord.Live stream)
                core.Streams.Put(stream, GiveBack(core, stream, 0, effects));
        }
    }

    /// <summary>The application consumed octets of a stream; what a closed stream held was given back when it closed.</summary>
    public static void Consume(ref Core core, StreamId id, int octets, Effects effects)
    {
        // Stryker disable once Equality : to give nothing back changes nothing
        if (octets <= 0 || core.Streams.Find(id) is not { } stream)
            return;
        var taken = Math.Min(octets, stream.Incoming.Unconsumed);
        core.Flow.Consume(taken);
        Refill(ref core, effects);
        core.Streams.Put(stream, GiveBack(core, stream with { Incoming = stream.Incoming.Consume(taken) }, taken, effects));
    }

    /// <summary>
    /// Whether the peer can go on with the body of a stream: what it sent was read, it has credit on the stream, and what is unread on other
    /// streams does not hold the window of the connection back.
    /// </summary>
    public static bool MayPeerSend(in Core core, StreamId id, long heldBack) =>
        core.Streams.Find(id) is { Incoming: var incoming } && incoming.Unconsumed <= heldBack && core.Flow.HeldBack == 0 && core.Flow.Receive.Octets > 0
        && incoming.Offset.Grow(core.Ours.Latest.InitialWindow).Octets > 0;
}
