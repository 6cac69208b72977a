using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>
/// Credit does not dry up for who reads (RFC 9113 §5.2.2), whatever others leave unread. The peer of these tests sends all that its windows
/// allow, on all streams, in frames of any size.
/// </summary>
public sealed class CreditProperties
{
    private const int Body = 150_000;

    [Property(MaxTest = 60)]
    public void A_body_that_is_read_comes_whole_whatever_others_hold(ushort window, byte others, int seed)
    {
        var random = new Random(seed);
        var rig = Server(window, out var size);
        var unread = Enumerable.Range(1, others % 40).Select(i => (uint)(2 * i) + 1).ToArray();
        foreach (var id in unread)
            rig.Post(id);
        foreach (var id in unread)
            Fill(rig, id, random);
        AssertComesWhole(rig, keeps: 0, random);
        Assert.Equal((long)unread.Length * size, Connection.Unread(rig.State));
    }

    /// <summary>Such as a parser that keeps what it cannot use yet, and uses a little at a time.</summary>
    [Property(MaxTest = 60)]
    public void A_body_whose_reader_keeps_less_than_a_window_comes_whole(ushort window, ushort keeps, int seed)
    {
        var rig = Server(window, out var size);
        AssertComesWhole(rig, keeps % size, new Random(seed));
    }

    /// <summary>A bound holds others back for as long as what is bounded is there, and no longer.</summary>
    [Property(MaxTest = 60)]
    public void Beyond_a_bound_nothing_is_lost_either(ushort bound, int seed)
    {
        var random = new Random(seed);
        var rig = Rig.Server(new() { InitialConnectionWindow = 65535, MaxUnreadPerConnection = 65535 + bound });
        rig.Post(3).Post(5);
        Fill(rig, 3, random);
        Fill(rig, 5, random);
        Assert.Equal(Math.Min(65535 + bound, 2 * 262_144), Connection.Unread(rig.State) + rig.State.Core.Flow.Receive.Octets);
        var held = (int)Connection.Unread(rig.State);
        rig.Consume(3, held);
        rig.Consume(5, held);
        AssertComesWhole(rig, keeps: 0, random);
    }

    private static Rig Server(ushort window, out int size)
    {
        size = window % 40_000 + 1;
        return Rig.Server(new() { InitialConnectionWindow = 65535, InitialStreamWindow = size });
    }

    private static void Fill(Rig rig, uint id, Random random)
    {
        while (Send(rig, id, random) > 0)
        {
        }
    }

    private static void AssertComesWhole(Rig rig, int keeps, Random random)
    {
        const uint Id = 99;
        rig.Post(Id);
        // what a stream of small windows carries in as many rounds is little
        var whole = Math.Min(Body, (rig.State.Core.Ours.Latest.InitialWindow * 20) + keeps);
        for (var came = 0L; came < whole;)
        {
            var sent = Send(rig, Id, random);
            var taken = (int)Math.Max(Connection.Unconsumed(rig.State, new(Id)) - keeps, 0);
            Assert.True(sent > 0 || taken > 0, $"the peer stands still after {came} octets");
            rig.Consume(Id, random.Next(2) == 0 ? taken : Math.Min(taken, 1 + random.Next(10_000)));
            came += sent;
        }
        while (Connection.Unconsumed(rig.State, new(Id)) is var left and > 0)
            rig.Consume(Id, (int)left);
    }

    /// <summary>One frame, within both windows; answers how many octets it had.</summary>
    private static int Send(Rig rig, uint id, Random random)
    {
        var core = rig.State.Core;
        var stream = core.Streams.Find(new(id))!.Incoming.Offset.Grow(core.Ours.Latest.InitialWindow);
        var most = (int)Math.Min(16_384, Math.Min(stream.Octets, core.Flow.Receive.Octets));
        var octets = random.Next(3) == 0 ? Math.Min(most, 1 + random.Next(5_000)) : most;
        if (octets > 0)
            rig.Data(id, new byte[octets]);
        Assert.False(rig.IsFinished);
        rig.Forget();
        return Math.Max(octets, 0);
    }
}
