using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>What resets cost: clients that change their minds, and clients that have work begun which they never wanted.</summary>
public sealed class ResetCostTests
{
    [Fact]
    public void A_tab_that_is_closed_with_a_hundred_requests_costs_nothing_that_the_next_page_would_miss()
    {
        var rig = Rig.Server();
        for (var tab = 0; tab < 100; tab++)
        {
            var wave = Ask(rig, 100);
            rig.Now += 3_000;
            Reset(rig, wave);
            rig.Now += 100;
        }
        AssertAlive(rig);
    }

    [Fact]
    public void Long_polls_that_are_cancelled_in_waves_are_no_attack()
    {
        var rig = Rig.Server();
        for (var wave = 0; wave < 60; wave++)
        {
            var polls = Ask(rig, 90);
            rig.Now += 250;
            Reset(rig, polls);
        }
        AssertAlive(rig);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    public void Typing_ahead_in_a_search_box_for_minutes_is_no_attack(int after)
    {
        var rig = Rig.Server();
        for (var key = 0; key < 20 * 180; key++)
        {
            var search = Ask(rig, 1);
            rig.Now += Math.Min(after, 50);
            Reset(rig, search);
        }
        AssertAlive(rig);
    }

    /// <summary>Keys repeat 30 times a second; each reload asks for the page and what belongs to it, and gives up what has not come.</summary>
    [Fact]
    public void A_reload_that_is_held_down_is_no_attack()
    {
        var rig = Rig.Server();
        for (var reload = 0; reload < 30 * 60; reload++)
        {
            var page = Ask(rig, 1);
            rig.Now += 12;
            rig.Respond(page[0]);
            var parts = Ask(rig, 20);
            rig.Now += 21;
            Reset(rig, parts);
        }
        AssertAlive(rig);
    }

    /// <summary>The answers are under way when the client gives up: its resets find streams that are closed.</summary>
    [Fact]
    public void Resets_that_cross_answers_are_no_attack()
    {
        var rig = Rig.Server();
        for (var reload = 0; reload < 600; reload++)
        {
            var parts = Ask(rig, 100);
            foreach (var id in parts)
                rig.Respond(id);
            rig.Now += 33;
            foreach (var id in parts)
                rig.Rst(id);
            rig.Forget();
        }
        AssertAlive(rig);
    }

    /// <summary>A thousand users behind one connection: 2,000 requests a second are served, 300 more are given up, most of them young.</summary>
    [Fact]
    public void A_proxy_that_passes_on_what_its_users_cancel_is_no_attack()
    {
        var rig = Rig.Server();
        var random = new Random(7);
        var given = new List<(uint Id, long At)>();
        for (var tick = 0; tick < 60_000; tick += 10)
        {
            foreach (var id in Ask(rig, 20))
                rig.Respond(id);
            foreach (var id in Ask(rig, 3))
                given.Add((id, rig.Now + (random.Next(4) == 0 ? 0 : (long)(-100 * Math.Log(1 - random.NextDouble())))));
            foreach (var (id, _) in given.Where(one => one.At <= rig.Now))
                Reset(rig, id);
            given.RemoveAll(one => one.At <= rig.Now);
            rig.Now += 10;
            rig.Forget();
        }
        AssertAlive(rig);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 400)]
    [InlineData(5, 2_000)]
    [InlineData(10, 4_000)]
    public void A_reset_costs_the_less_the_longer_its_stream_has_lived(int lived, int taken)
    {
        var rig = Rig.Server(ConnectionOptions.Default with { PeerResetLimit = new(200, 0) });
        for (var i = 0; i < taken; i++)
        {
            var id = Ask(rig, 1);
            rig.Now += lived;
            Reset(rig, id);
            Assert.False(rig.IsFinished, $"reset {i}");
        }
        var last = Ask(rig, 1);
        rig.Now += lived;
        Reset(rig, last);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_stream_that_lived_for_thirty_milliseconds_is_reset_for_nothing()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { PeerResetLimit = new(0, 0) });
        for (var i = 0; i < 1_000; i++)
        {
            var id = Ask(rig, 1);
            rig.Now += 30;
            Reset(rig, id);
        }
        Assert.False(rig.IsFinished);
        var young = Ask(rig, 1);
        rig.Now += 29;
        Reset(rig, young);
        Assert.True(rig.IsFinished);
    }

    /// <summary>The time is that of the stream, whether it has a record of its own or is the fresh request.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_age_of_a_stream_counts_from_its_own_request(bool upload)
    {
        var rig = Rig.Server(ConnectionOptions.Default with { PeerResetLimit = new(0, 0) });
        if (upload)
            rig.Post(1);
        else
            rig.Get(1);
        rig.Now += 30;
        // a younger request, one that is refused and one that is malformed change nothing about the first
        rig.Get(3).Headers(5, true, (":method", "GET"));
        rig.Rst(1);
        Assert.False(rig.IsFinished);
        rig.Rst(3);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void Requests_that_are_served_earn_a_quarter_of_a_reset_each_and_no_more_than_the_burst()
    {
        var rig = Rig.Server(ConnectionOptions.Default with { PeerResetLimit = new(10, 0) });
        for (var i = 0; i < 1_000; i++)
            Serve(rig);
        for (var i = 0; i < 20; i++)
            Reset(rig, Ask(rig, 1));
        Assert.False(rig.IsFinished);
        for (var i = 0; i < 100; i++)
        {
            for (var j = 0; j < 4; j++)
                Serve(rig);
            Reset(rig, Ask(rig, 1));
            Assert.False(rig.IsFinished, $"{i}");
        }
        Reset(rig, Ask(rig, 1));
        Assert.True(rig.IsFinished);
    }

    /// <summary>Whatever the pauses and the sizes of waves: work that began for nothing is bounded by burst, rate, and time itself.</summary>
    [Property(MaxTest = 50)]
    public void No_schedule_of_resets_begins_more_work_than_waiting_for_it_would(byte[] pauses, byte[] waves)
    {
        if (pauses.Length == 0 || waves.Length == 0)
            return;
        var rig = Rig.Server();
        var (begun, start) = (0, rig.Now);
        for (var i = 0; i < 300 && !rig.IsFinished; i++)
        {
            var wave = Ask(rig, waves[i % waves.Length] % 100 + 1);
            begun += wave.Length;
            rig.Now += pauses[i % pauses.Length] % 40;
            Reset(rig, wave);
        }
        // 100 streams at a time: so many milliseconds of life have passed, and n of them make a reset of 1/2n; never cheaper than that
        var elapsed = rig.Now - start;
        Assert.True(begun <= 100 * (elapsed + 1) + 300, $"{begun} requests in {elapsed} ms");
        Assert.True(elapsed > 0 || begun <= 300);
    }

    /// <summary>The attacks: what comes back to back costs a whole token, whatever comes between.</summary>
    [Theory]
    [InlineData("get")]
    [InlineData("head answered")]
    [InlineData("answered")]
    [InlineData("upload")]
    [InlineData("window exhausted")]
    public void Requests_that_are_reset_as_soon_as_they_came_end_the_connection(string kind)
    {
        var rig = Rig.Server();
        for (var id = 1u; id < 2_000 && !rig.IsFinished; id += 2)
        {
            if (kind is "upload" or "window exhausted")
                rig.Post(id);
            else
                rig.Get(id);
            if (kind == "upload")
                rig.Data(id, "abcd");
            if (kind == "window exhausted")
                rig.Respond(id, Rig.Head(200), new byte[100_000]);
            if (kind == "answered")
                rig.Respond(id);
            if (kind == "head answered")
                rig.Respond(id, Rig.Head(200), [], end: false);
            rig.Drain();
            rig.Rst(id);
            rig.Retire(id);
        }
        Assert.Equal("GOAWAY 401 EnhanceYourCalm", rig.Frames()[^1]);
        Assert.Equal("connection fault EnhanceYourCalm CVE-2023-44487", rig.Events()[^1]);
    }

    [Fact]
    public void Resets_of_closed_streams_without_end_are_frames_without_use()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1);
        rig.Now += 10;
        var frames = 0;
        for (; frames < 5_000 && !rig.IsFinished; frames++)
            rig.Rst(1);
        // what is normal for one stream, and the budget of frames without use
        Assert.Equal(100 + 4 + 1_000 + 1, frames);
        Assert.Equal("connection fault EnhanceYourCalm CVE-2023-44487", rig.Events()[^1]);
    }

    private static uint Next(Rig rig) => rig.State.Core.Streams.HighestPeer.IsConnection ? 1 : rig.State.Core.Streams.HighestPeer.Value + 2;

    private static uint[] Ask(Rig rig, int count)
    {
        var ids = new uint[count];
        for (var i = 0; i < count; i++)
            rig.Get(ids[i] = Next(rig));
        return ids;
    }

    private static void Serve(Rig rig)
    {
        foreach (var id in Ask(rig, 1))
            rig.Respond(id);
        rig.Forget();
    }

    /// <summary>Their handlers end at once.</summary>
    private static void Reset(Rig rig, params uint[] ids)
    {
        foreach (var id in ids)
        {
            rig.Rst(id);
            rig.Retire(id);
        }
        rig.Effects.Events.Clear();
    }

    private static void AssertAlive(Rig rig)
    {
        Assert.False(rig.IsFinished);
        rig.Forget();
        var id = Next(rig);
        rig.Get(id);
        Assert.Equal([$"request {id} end GET /"], rig.Events());
    }
}
