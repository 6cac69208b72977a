using Hpack.Pure;
using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// Output over TLS: the records of a long one are collected in a buffer of the shelf, which belongs to them until the carrier has taken them,
/// whatever other connections lend meanwhile and whenever the transport is closed.
/// </summary>
public sealed class TlsOutputTests(ITestOutputHelper output) : Scenarios(output)
{
    private const int Long = 40_000;

    [Fact]
    public void Records_that_wait_are_those_that_were_made() => ExploreDelays(
        static scenario =>
        {
            var pair = new TlsPair(scenario);
            pair.Carrier.HoldsWrites = true;
            var sent = 0;
            scenario.Run("sender", () =>
            {
                var atOnce = Send(pair, 1);
                sent += atOnce;
                scenario.WaitUntil("the end of the first", () => sent > 0);
            });
            scenario.Run("another connection", () => Borrow(scenario));
            scenario.Run("peer", () =>
            {
                scenario.WaitUntil("records", () => pair.Carrier.IsSending);
                pair.Carrier.Take();
                sent++;
            });
            scenario.WaitForAll();
            scenario.Check(pair.Decrypted(Long).All(static octet => octet == 1), "What the client reads is not what was sent.");
            CheckShelf(scenario);
        },
        delays: 1);

    [Fact]
    public void A_send_ends_whenever_the_transport_is_closed_and_its_buffer_is_lent_to_one() => ExploreDelays(
        static scenario =>
        {
            var pair = new TlsPair(scenario);
            pair.Carrier.HoldsWrites = true;
            var ends = 0;
            scenario.Run("sender", () =>
            {
                for (var i = 0; i < 2; i++)
                {
                    var before = ends;
                    try
                    {
                        var sending = pair.Transport.SendAsync(Octets(1)).ConfigureAwait(false).GetAwaiter();
                        if (!sending.IsCompleted)
                            sending.UnsafeOnCompleted(() => ends++);
                        else
                            ends++;
                    }
                    catch (Exception failure) when (failure is IOException or ObjectDisposedException)
                    {
                        ends++;
                    }
                    scenario.WaitUntil("the end of a send", () => ends > before);
                }
            });
            scenario.Run("another connection", () => Borrow(scenario));
            scenario.Run("closes", pair.Transport.Close);
            scenario.WaitForAll();
            scenario.Check(ends == 2, $"The ends of two sends were told {ends} times.");
            CheckShelf(scenario);
        },
        delays: 1);

    // 1 when it is over at once; the others are over when the peer has taken them.
    private static int Send(TlsPair pair, byte octet)
    {
        var sending = pair.Transport.SendAsync(Octets(octet)).ConfigureAwait(false).GetAwaiter();
        if (sending.IsCompleted)
            return 1;
        sending.UnsafeOnCompleted(static () => { });
        return 0;
    }

    private static byte[] Octets(byte octet)
    {
        var octets = new byte[Long];
        Array.Fill(octets, octet);
        return octets;
    }

    // Lends what can be had, writes in it and gives it back.
    private static void Borrow(Scenario scenario)
    {
        var lent = new List<OutputBuffer>();
        for (var i = 0; i < 3; i++)
        {
            var buffer = EffectPool.RentOutput();
            scenario.Check(!lent.Contains(buffer), "A buffer that is lent is lent once more.");
            buffer.Write(Octets(9));
            lent.Add(buffer);
            scenario.Step("writes to a buffer of its own");
        }
        lent.ForEach(EffectPool.ReturnOutput);
    }

    private static void CheckShelf(Scenario scenario)
    {
        var lent = new HashSet<OutputBuffer>();
        for (var i = 0; i < 8; i++)
            scenario.Check(lent.Add(EffectPool.RentOutput()), "The shelf lends a buffer twice.");
    }
}
