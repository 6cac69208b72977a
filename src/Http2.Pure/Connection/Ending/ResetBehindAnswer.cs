namespace Http2.Pure;

/// <summary>
/// RST_STREAM behind an answer that the core gives by itself before the request is complete (§8.1: the rest is not wanted). Some clients lose an
/// answer that they find in one read with a reset (curl 7.88): so a PING follows the answer, and the reset goes out when it is acknowledged.
/// For the core the stream is closed from the answer on.
/// </summary>
internal static class ResetBehindAnswer
{
    // "431" in ASCII, above the stream's number
    private const int MarkShift = 40;
    private const ulong Mark = 0x343331;

    // A client that acknowledges none of them is reset without.
    private const int MostPings = 100;

    /// <summary>The answer has been written.</summary>
    public static void Begin(ref Core core, StreamId id, Effects effects)
    {
        if (core.Liveness.Pings.Count >= MostPings)
        {
            RstStreamFrame.Write(effects.Output, id, ErrorCode.NoError);
            return;
        }
        var opaque = (Mark << MarkShift) | id.Value;
        core.Liveness.AddPing(opaque);
        PingFrame.Write(effects.Output, opaque);
    }

    /// <summary>A PING of this end was acknowledged.</summary>
    /// <returns>Whether it followed an answer, so that the stream was reset.</returns>
    public static bool TryEnd(ulong opaque, Effects effects)
    {
        if (opaque >> MarkShift != Mark)
            return false;
        RstStreamFrame.Write(effects.Output, new StreamId((uint)opaque), ErrorCode.NoError);
        return true;
    }
}
