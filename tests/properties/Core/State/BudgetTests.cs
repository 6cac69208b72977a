using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

public sealed class BudgetTests
{
    [Fact]
    public void Rapid_resets_end_the_connection_and_slow_ones_do_not()
    {
        var rig = Rig.Server();
        var id = 1u;
        for (var i = 0; i < 200; i++, id += 2)
        {
            rig.Get(id).Rst(id);
            rig.Retire(id);
        }
        Assert.False(rig.IsFinished);
        rig.Now += 1_000;
        for (var i = 0; i < 33; i++, id += 2)
        {
            rig.Get(id).Rst(id);
            rig.Retire(id);
        }
        Assert.False(rig.IsFinished);
        rig.Forget();
        rig.Get(id).Rst(id);
        Assert.Equal([$"GOAWAY {id} EnhanceYourCalm"], rig.Frames());
        Assert.Equal("connection fault EnhanceYourCalm CVE-2023-44487", rig.Events()[^1]);
    }

    [Fact]
    public void Resets_of_streams_that_were_answered_count_too()
    {
        var rig = Rig.Server();
        for (var id = 1u; id < 1000 && !rig.IsFinished; id += 2)
        {
            rig.Get(id);
            rig.Respond(id);
            rig.Rst(id);
        }
        Assert.Equal("GOAWAY 401 EnhanceYourCalm", rig.Frames()[^1]);
    }

    [Fact]
    public void Stream_errors_that_a_client_causes_end_the_connection_when_they_are_many()
    {
        var rig = Rig.Server();
        var id = 1u;
        for (var i = 0; i < 100; i++, id += 2)
            rig.Headers(id, true, (":method", "GET"));
        Assert.False(rig.IsFinished);
        rig.Headers(id, true, (":method", "GET"));
        Assert.Equal("GOAWAY 201 EnhanceYourCalm", rig.Frames()[^1]);
        Assert.Equal("connection fault EnhanceYourCalm CVE-2025-8671", rig.Events()[^1]);
    }

    [Fact]
    public void Nine_hundred_refusals_are_only_refused()
    {
        var rig = Rig.Fresh(Role.Server);
        rig.Octets(WireConstants.Preface);
        rig.Settings();
        rig.Forget();
        for (var i = 0u; i < 1000; i++)
            rig.Get(i * 2 + 1);
        Assert.Equal(900, rig.Frames().Count(frame => frame.EndsWith("RefusedStream", StringComparison.Ordinal)));
        Assert.False(rig.IsFinished);
    }

    [Theory]
    [InlineData("empty data", 1000, "CVE-2019-9518")]
    [InlineData("pad-only data", 1000, "CVE-2019-9518")]
    [InlineData("unknown", 1000, "CVE-2019-9518")]
    [InlineData("priority", 1000, "CVE-2019-9513")]
    [InlineData("ping", 1010, "CVE-2019-9512")]
    [InlineData("unasked ping answer", 1000, "CVE-2019-9512")]
    [InlineData("settings", 1010, "CVE-2019-9515")]
    [InlineData("window update", 1104, "window updates")]
    [InlineData("goaway", 1001, "goaway")]
    public void Frames_without_use_are_taken_up_to_a_bound(string what, int bound, string section)
    {
        var rig = Rig.Server();
        // one token of each budget went to nothing yet: the first SETTINGS is free
        rig.Post(1);
        for (var i = 0; i <= bound; i++)
        {
            Assert.False(rig.IsFinished, $"{i} frames");
            _ = what switch
            {
                "empty data" => rig.Data(1, ""),
                "pad-only data" => rig.Raw(FrameType.Data, 0x8, 1, 3, 0, 0, 0),
                "unknown" => rig.Raw((FrameType)0xee, 0, 0),
                "priority" => rig.Raw(FrameType.Priority, 0, 1, 0, 0, 0, 0, 0),
                "ping" => rig.Ping(1),
                "unasked ping answer" => rig.Ping(1, ack: true),
                "settings" => rig.Settings(),
                "window update" => rig.Window(0, 1),
                _ => rig.GoAway(0),
            };
        }
        Assert.Equal("GOAWAY 1 EnhanceYourCalm", rig.Frames()[^1]);
        Assert.Equal($"connection fault EnhanceYourCalm {section}", rig.Events()[^1]);
    }

    [Fact]
    public void One_octet_at_a_time_is_a_body_like_any_other()
    {
        var rig = Rig.Server();
        rig.Post(1);
        for (var i = 0; i < 60_000; i++)
        {
            rig.Data(1, "x");
            rig.Consume(1, 1);
            rig.Forget();
        }
        Assert.False(rig.IsFinished);
    }

    [Fact]
    public void Window_updates_in_proportion_to_DATA_are_normal()
    {
        var rig = Rig.Server();
        rig.Get(1);
        rig.Respond(1, Rig.Head(200), new byte[40_000_000]);
        for (var i = 0; i < 2_000; i++)
        {
            rig.Drain(20_000);
            rig.Window(0, 16_384);
            for (var j = 0; j < 4; j++)
                rig.Window(1, 4_096);
            rig.Forget();
        }
        Assert.False(rig.IsFinished);
    }

    [Fact]
    public void Responses_that_go_out_whole_earn_window_updates_too()
    {
        var rig = Rig.Server();
        for (var id = 1u; id < 1001; id += 2)
        {
            rig.Get(id);
            rig.Respond(id, 200, "x");
            for (var i = 0; i < 14; i++)
                rig.Window(0, 1);
            rig.Forget();
        }
        Assert.False(rig.IsFinished);
    }

    [Fact]
    public void Toggling_the_initial_window_is_bounded_by_the_rate_of_SETTINGS()
    {
        var rig = Rig.Server();
        for (var id = 1u; id < 201; id += 2)
        {
            rig.Get(id);
            rig.Respond(id, Rig.Head(200), new byte[100_000]);
        }
        var frames = 0;
        for (; !rig.IsFinished; frames++)
            rig.Setting(SettingId.InitialWindowSize, (uint)(frames % 2));
        Assert.Equal(1011, frames);
    }
}
