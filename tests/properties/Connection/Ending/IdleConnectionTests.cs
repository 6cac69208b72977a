using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Connections without streams, which end gracefully after a while without frames and commands.</summary>
public sealed class IdleConnectionTests
{
    [Fact]
    public void An_idle_connection_ends_gracefully()
    {
        var rig = Rig.Server();
        Assert.Equal(rig.Now + 120_000, Connection.NextDeadline(rig.State));
        rig.Tick(119_999);
        Assert.Empty(rig.Frames());
        rig.Ping(1);
        rig.Forget();
        rig.Tick(119_999);
        Assert.Empty(rig.Frames());
        rig.Tick(1);
        Assert.Equal("GOAWAY 2147483647 NoError", rig.Frames()[0]);
        rig.Tick(1_000);
        Assert.True(rig.IsFinished);
    }

    /// <summary>An idle connection is no server that stops: a request that met the warning is done when it is done.</summary>
    [Fact]
    public void A_request_that_came_as_an_idle_connection_ended_has_all_the_time_it_needs()
    {
        var rig = Rig.Server();
        rig.Tick(120_000);
        rig.Get(1);
        rig.Tick(1_000);
        rig.Forget();
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Tick(10_000_000);
        Assert.Empty(rig.Frames());
        Assert.False(rig.IsFinished);
        rig.Respond(1);
        Assert.True(rig.IsFinished);
    }

    [Fact]
    public void A_server_that_stops_bounds_also_what_an_idle_connection_had_left_open()
    {
        var rig = Rig.Server();
        rig.Tick(120_000);
        rig.Get(1);
        rig.Tick(1_000);
        rig.Tick(500_000);
        rig.Forget();
        rig.Shutdown();
        Assert.Empty(rig.Frames());
        Assert.Equal(rig.Now + 30_000, Connection.NextDeadline(rig.State));
        rig.Tick(30_000);
        Assert.True(rig.IsFinished);
        Assert.Equal(["closed 1 Cancel abnormal"], rig.Events());
    }

    [Fact]
    public void A_connection_with_work_is_not_idle()
    {
        var rig = Rig.Server();
        rig.Get(1).Rst(1);
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Retire(1);
        rig.Get(3);
        Assert.Equal(long.MaxValue, Connection.NextDeadline(rig.State));
        rig.Forget();
        rig.Tick(1_000_000);
        Assert.Empty(rig.Frames());
        rig.Respond(3);
        rig.Forget();
        // the answer came at a time the core was not told: idleness begins with the next tick
        rig.Tick(1);
        Assert.Empty(rig.Frames());
        Assert.Equal(rig.Now + 120_000, Connection.NextDeadline(rig.State));
        rig.Tick(120_000);
        Assert.Equal("GOAWAY 2147483647 NoError", rig.Frames()[0]);
    }

    public static TheoryData<string> LastCommands => ["body", "trailers", "reset", "settings", "retire", "inform", "push", "ask", "cancel"];

    /// <summary>A connection is idle from its last frame or command on: after a command the time begins anew.</summary>
    [Theory]
    [MemberData(nameof(LastCommands))]
    public void A_command_puts_off_the_end_of_an_idle_connection(string command)
    {
        var options = ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(1_000_000) };
        var rig = command is "ask" or "cancel" ? Rig.Client(options) : Rig.Server(options);
        if (command == "cancel")
            rig.Ask(out _);
        else if (command is not ("ask" or "settings"))
            rig.Get(1);
        if (command is "body" or "trailers")
            rig.Respond(1, end: false);
        if (command == "retire")
            rig.Rst(1);
        rig.Ping(1);
        rig.Tick(100_000);
        Act(rig, command);
        rig.Forget();
        rig.Tick(20_000);
        Assert.DoesNotContain(rig.Frames(), frame => frame.StartsWith("GOAWAY", StringComparison.Ordinal));
    }

    private static void Act(Rig rig, string command)
    {
        var refusal = command switch
        {
            "body" => rig.Body(1, "", end: true),
            "trailers" => rig.Trailers(1, ("x", "y")),
            "reset" or "cancel" => rig.Reset(1),
            "settings" => rig.Submit(new Setting(SettingId.MaxConcurrentStreams, 7)),
            "inform" => rig.Inform(1, 103),
            "push" => rig.Push(1, out _, Rig.Request()),
            "ask" => rig.Ask(out _),
            _ => Refusal.None,
        };
        Assert.Equal(Refusal.None, refusal);
        if (command is "inform" or "push")
            rig.Rst(1);
        if (command is "reset" or "retire" or "inform" or "push")
            rig.Retire(1);
    }
}
