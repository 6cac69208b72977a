namespace Http2.Pure;

/// <content>
/// What a reset by the peer costs (CVE-2023-44487). A client may change its mind: a tab is closed, a search is typed further, a proxy's own
/// client has gone. What it may not do is to have work begun again and again that it never wanted. So a reset is charged by what it made this
/// end spend without use: a request that is reset as soon as it was sent costs a whole token; one that lived for a while costs ever less,
/// as the streams that are allowed at a time bound how many such there can be; and requests that were served to their end earn some.
/// What lingers behind resets, work that does not end with its stream, is bounded apart from that.
/// </content>
public static partial class Connection
{
    // costs are in thousandths of a token
    private const int WholeReset = 1000;

    // a stream that lived for so many milliseconds costs nothing: 100 at a time make 3,333 of such a second, as many as could be served
    private const long FreeAfter = 30;

    // one request in five may be reset as soon as it was sent, for as long as the four others are served
    private const int CreditPerServed = WholeReset / 4;
    private const int MostCredit = 1000 * WholeReset;

    // lingering streams at which new requests are refused, as a multiple of the streams that are allowed at a time
    private const int MostLingering = 4;

    /// <summary>The peer resets a live stream.</summary>
    private static Fault.OfConnection? SpendPeerReset(ref Core core, StreamRecord stream, long now) =>
        ChargeReset(ref core, CostOfReset(now - stream.OpenedAt), now);

    /// <summary>
    /// The peer resets a stream that is closed. Most often the frame crossed the end of the answer, and costs what a frame costs; but when
    /// the request came at the very same time, it was reset without a look at the answer: then it was not served either.
    /// </summary>
    private static Fault.OfConnection? SpendLateReset(ref Core core, StreamId id, long now) =>
        !core.IsOwn(id) && id.Value >= core.NewestFrom.Value && now <= core.NewestAt
            ? ChargeReset(ref core, WholeReset + CreditPerServed, now)
            : SpendUpdate(ref core, now, Rules.RapidReset);

    /// <summary>The cost of a reset in thousandths of a token.</summary>
    /// <param name="lived">How long the stream has lived, in milliseconds.</param>
    private static int CostOfReset(long lived) =>
        lived <= 0 ? WholeReset : lived >= FreeAfter ? 0 : WholeReset / 2 / (int)lived;

    private static Fault.OfConnection? ChargeReset(ref Core core, int cost, long now)
    {
        var earned = Math.Min(cost, core.ResetCredit);
        core.ResetCredit -= earned;
        if (cost == earned)
            return null;
        var allowed = core.Budgets.PeerResets.TrySpendPart(now, cost - earned, out var next);
        core.Budgets = core.Budgets with { PeerResets = next };
        return allowed ? null : TooMuch(Rules.RapidReset);
    }

    /// <summary>A request was served to its end. No more can be earned than the budget allows at once.</summary>
    private static void EarnResetCredit(ref Core core)
    {
        if (core.ResetCredit < Math.Min(core.Options.PeerResetLimit.Burst * (long)WholeReset, MostCredit))
            core.ResetCredit += CreditPerServed;
    }

    /// <summary>
    /// Whether so much work lingers for streams that are closed that no more may begin. An application that has new requests wait for such
    /// work does not come that far.
    /// </summary>
    private static bool IsOverworked(in Core core) => core.Lingering >= MostLingering * (long)core.Ours.Latest.MaxConcurrentStreams;
}
