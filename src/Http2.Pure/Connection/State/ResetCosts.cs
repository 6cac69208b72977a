namespace Http2.Pure;

/// <summary>
/// What a reset by the peer costs (CVE-2023-44487). A client may change its mind: a tab is closed, a search is typed further, the own client
/// of a proxy has gone. What it may not do is to have work begun again and again that it never wanted. So a reset is charged by what it made
/// this end spend without use: a request that is reset as soon as it was sent costs a whole token; one that lived for a while costs ever less,
/// as the streams that are allowed at a time bound how many such there can be; and requests that were served to their end earn some. Work that
/// goes on although its stream was reset is bounded apart from that (<see cref="IsOverworked"/>). Costs are in thousandths of a token.
/// </summary>
internal static class ResetCosts
{
    /// <summary>The cost of a reset of a request that was sent in vain.</summary>
    public const int Whole = 1000;

    /// <summary>What a request earns that was served: one in five may be reset at once, as long as the four others are served.</summary>
    public const int EarnedPerRequest = Whole / 4;

    /// <summary>The most that can be earned.</summary>
    public const int MostEarned = 1000 * Whole;

    // A stream that lived for so many milliseconds costs nothing: 100 at a time make 3,333 of such a second, as many as could be served.
    private const long FreeAfter = 30;

    // New requests are refused when so many times more streams linger than are allowed at a time.
    private const int MostLingering = 4;

    /// <summary>Charges a reset of a live stream.</summary>
    public static Fault.OfConnection? ChargeLive(ref Core core, StreamRecord.Live stream, long now) =>
        core.Allowances.ChargeReset(CostOf(now - stream.OpenedAt), now);

    /// <summary>
    /// Charges a reset of a stream that is closed. Most often the frame crossed the end of the answer, and costs what a frame costs; but when
    /// the request came at the very same time, it was reset without a look at the answer: then it was not served either.
    /// </summary>
    public static Fault.OfConnection? ChargeClosed(ref Core core, StreamId id, long now) =>
        core.Streams.IsOfThisMoment(id, now)
            ? core.Allowances.ChargeReset(Whole + EarnedPerRequest, now)
            : core.Allowances.ChargeUpdate(now, Rules.RapidReset);

    /// <summary>
    /// Whether so much work lingers for closed streams that no more may begin. An application that lets new requests wait for such work does
    /// not come that far.
    /// </summary>
    public static bool IsOverworked(in Core core) =>
        core.Streams.LingeringCount >= MostLingering * (long)core.Ours.Latest.MaxConcurrentStreams;

    /// <summary>The cost of a reset.</summary>
    /// <param name="lived">How long the stream has lived, in milliseconds.</param>
    private static int CostOf(long lived) => lived <= 0 ? Whole : lived >= FreeAfter ? 0 : Whole / 2 / (int)lived;
}
