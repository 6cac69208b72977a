using Hpack.Pure;
using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>What connections are lent and give back: buffers of the shelf, places, room for what is looked at.</summary>
public sealed class LendingTests(ITestOutputHelper output) : Scenarios(output)
{
    [Fact]
    public void No_buffer_is_lent_to_two_at_once() => Explore(
        static scenario =>
        {
            var lent = new HashSet<OutputBuffer>();
            OutputBuffer Rent()
            {
                var buffer = EffectPool.RentOutput();
                scenario.Check(lent.Add(buffer), "A buffer that is lent is lent once more.");
                scenario.Check(buffer.Length == 0, "A buffer is lent with what another has written.");
                buffer.Write([1]);
                return buffer;
            }
            void Return(OutputBuffer buffer)
            {
                lent.Remove(buffer);
                EffectPool.ReturnOutput(buffer);
            }
            // the first stays with the thread, the others lie on the shelf
            OutputBuffer[] begun = [Rent(), Rent(), Rent()];
            Array.ForEach(begun, Return);
            for (var i = 0; i < 2; i++)
            {
                scenario.Run($"connection {i + 1}", () =>
                {
                    OutputBuffer[] rented = [Rent(), Rent()];
                    Array.ForEach(rented, Return);
                });
            }
            scenario.WaitForAll();
        },
        preemptions: 2);

    [Fact]
    public void Places_are_all_given_back_and_who_waits_for_the_last_is_told() => Explore(
        static scenario =>
        {
            var memory = new MemoryBudget(1 << 20);
            var registry = new ConnectionRegistry(memory);
            var most = 0;
            for (var i = 0; i < 2; i++)
            {
                scenario.Run($"connection {i + 1}", () =>
                {
                    if (!registry.TryReserve(1))
                        return;
                    scenario.Check(++most == 1, "There are more connections than places.");
                    scenario.Step("is open");
                    most--;
                    registry.Release();
                });
            }
            Task? empty = null;
            scenario.Run("waits", () => empty = registry.WhenEmpty());
            scenario.WaitForAll();
            scenario.Check(registry.Count == 0 && memory.Held == 0, $"{registry.Count} places and {memory.Held} octets are held.");
            scenario.Check(empty!.IsCompleted, "All places are free, and who waits for that was not told.");
        },
        preemptions: 3);

    [Fact]
    public void What_readers_look_at_stays_within_its_bound() => Explore(
        static scenario =>
        {
            var limits = new ServerHost(new Http2ServerOptions(), static () => new Http2Request()).Engine.Limits
                with { MaxExaminedPerRequest = 100, MaxExaminedPerConnection = 100 };
            var ahead = new LookAhead(limits);
            var held = 0L;
            for (var i = 0; i < 3; i++)
            {
                scenario.Run($"reader {i + 1}", () =>
                {
                    if (ahead.Move(0, 60) is not null)
                        return;
                    held += 60;
                    scenario.Check(held <= 100, $"Readers hold {held} octets.");
                    scenario.Step("looks at them");
                    held -= 60;
                    ahead.Move(60, 0);
                });
            }
            scenario.WaitForAll();
            scenario.Check(ahead.Octets == 0, $"{ahead.Octets} octets are counted that nobody holds.");
        },
        preemptions: 3);

    [Fact]
    public void A_body_beyond_its_limit_is_seen_by_its_reader_or_by_the_owner() => Explore(
        static scenario =>
        {
            var limit = new BodyLimit(100);
            var (isSeen, ownerSaw) = (false, false);
            scenario.Run("owner", () =>
            {
                ownerSaw |= !limit.Count(60);
                ownerSaw |= !limit.Count(60);
            });
            scenario.Run("reader", () => isSeen = !limit.Begin(-1));
            scenario.WaitForAll();
            scenario.Check(isSeen || ownerSaw, "120 octets came of 100 that are allowed, and nobody has seen it.");
        },
        preemptions: 3);
}
