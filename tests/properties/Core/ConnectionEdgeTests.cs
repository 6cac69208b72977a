using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Rules of the connection at the very place where they begin to hold: settings, promises, endings, deadlines.</summary>
public sealed class ConnectionEdgeTests
{
    [Fact]
    public void Settings_that_may_not_change_are_refused_and_the_same_again_is_not()
    {
        var rig = Rig.Server();
        Assert.Equal(Refusal.None, rig.Submit(new Setting(SettingId.EnableConnectProtocol, 0)));
        Assert.Equal(Refusal.InvalidArgument, rig.Submit(new Setting(SettingId.EnableConnectProtocol, 1)));
        Assert.Equal(Refusal.None, rig.Submit(new Setting(SettingId.NoRfc7540Priorities, 1)));
        Assert.Equal(Refusal.InvalidArgument, rig.Submit(new Setting(SettingId.NoRfc7540Priorities, 0)));
        Assert.Equal(Refusal.None, rig.Submit(new Setting(SettingId.HeaderTableSize, int.MaxValue)));
        Assert.Equal(Refusal.InvalidArgument, rig.Submit(new Setting(SettingId.HeaderTableSize, 1u + int.MaxValue)));
    }

    [Fact]
    public void The_connect_protocol_is_given_and_never_taken_back()
    {
        var rig = Rig.Client().Setting(SettingId.EnableConnectProtocol, 0).Setting(SettingId.EnableConnectProtocol, 1)
            .Setting(SettingId.EnableConnectProtocol, 1);
        Assert.False(rig.IsFinished);
        Assert.True(rig.Setting(SettingId.EnableConnectProtocol, 0).IsFinished);
    }

    [Fact]
    public void Pushes_are_allowed_by_clients_and_only_forbidden_by_servers()
    {
        Assert.False(Rig.Server().Setting(SettingId.EnablePush, 1).IsFinished);
        Assert.False(Rig.Client().Setting(SettingId.EnablePush, 0).IsFinished);
        Assert.True(Rig.Client().Setting(SettingId.EnablePush, 1).IsFinished);
    }

    [Fact]
    public void A_promise_does_not_repeat_an_identifier()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        Assert.False(rig.Promise(1, 4, Rig.Request()).IsFinished);
        Assert.True(rig.Promise(1, 4, Rig.Request()).IsFinished);
    }

    [Fact]
    public void A_promise_that_is_given_up_leaves_a_reset_stream()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Submit(new Setting(SettingId.EnablePush, 0));
        rig.Forget();
        rig.Promise(1, 2, Rig.Request());
        Assert.Equal(["RST_STREAM 2 Cancel"], rig.Frames());
        Assert.Equal(StreamState.ResetByUs, rig.StateOf(2));
        Assert.Equal(0, rig.State.Core.Streams.PeerCount);
    }

    [Fact]
    public void An_informational_response_opens_a_promised_stream()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Promise(1, 2, Rig.Request()).Headers(2, false, (":status", "103"));
        Assert.Equal(StreamState.HalfClosedLocal, rig.StateOf(2));
    }

    [Fact]
    public void GOAWAY_ends_the_clients_streams_that_were_not_seen_and_no_pushes()
    {
        var rig = Rig.Client();
        rig.Ask(out _);
        rig.Ask(out _);
        rig.Promise(1, 4, Rig.Request());
        rig.Forget();
        rig.GoAway(1);
        Assert.Equal(["goaway 1 NoError ", "closed 3 RefusedStream abnormal"], rig.Events());
        Assert.Equal(StreamState.ReservedRemote, rig.StateOf(4));
        Assert.False(rig.IsFinished);
        Assert.True(Rig.Client().GoAway(0).IsFinished);
        Assert.False(Rig.Server().GoAway(0).IsFinished);
    }

    [Fact]
    public void Only_the_answer_to_the_warning_ends_the_warning()
    {
        var rig = Rig.Server().Get(1);
        rig.Forget();
        rig.Shutdown();
        var sent = rig.Frames();
        Assert.Equal(2, sent.Length);
        var opaque = ulong.Parse(sent[1]["PING ".Length..]);
        rig.Ping(7, ack: true);
        Assert.Empty(rig.Frames());
        rig.Ping(opaque, ack: true);
        Assert.Equal(["GOAWAY 1 NoError"], rig.Frames());
        var other = Rig.Server().Get(1).Ping(opaque, ack: true);
        other.Forget();
        Assert.Empty(other.Ping(opaque, ack: true).Frames());
    }

    [Fact]
    public void Each_overdue_thing_has_its_own_code()
    {
        // SETTINGS are due before the preface is
        var early = Rig.Fresh(Role.Server, ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(1000) });
        early.Forget();
        early.Tick(1000);
        Assert.Equal(["GOAWAY 0 SettingsTimeout"], early.Frames());

        // a header block is due before SETTINGS are
        var block = Rig.Fresh(Role.Server, ConnectionOptions.Default with { SettingsTimeout = TimeSpan.FromMilliseconds(50_000) });
        block.Octets(WireConstants.Preface);
        block.Settings().Raw(FrameType.Headers, 0, 1, 0x82);
        block.Forget();
        Assert.Equal(block.Now + 30_000, Connection.NextDeadline(block.State));
        block.Tick(30_000);
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], block.Frames());

        // the warning is over before the header block is due
        var warned = Rig.Server().Get(1);
        warned.Raw(FrameType.Headers, 0, 3, 0x82);
        warned.Shutdown();
        warned.Forget();
        warned.Tick(1000);
        Assert.Equal(["GOAWAY 1 NoError"], warned.Frames());
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

    [Fact]
    public void Kept_octets_are_equal_by_content_however_they_came()
    {
        ConnectionFold After(params string[] parts)
        {
            var fold = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
            foreach (var part in parts)
                fold = Connection.Step(fold, new Input.Received(part, 0)).State;
            return fold;
        }

        Assert.Equal(After("PRI "), After("P", "RI", " "));
        Assert.Equal(After("PRI ").GetHashCode(), After("P", "RI", " ").GetHashCode());
        Assert.NotEqual(After("PRI "), After("PRI"));
        Assert.Equal(4, After("P", "RI", " ").Incomplete);
        Assert.NotEqual(WithFrame("000004"), WithFrame("000005"));
        Assert.NotEqual(WithFrame("000004"), WithFrame("00000406"));
        Assert.Equal(WithFrame("000004", "06"), WithFrame("00", "000406"));
    }

    private static ConnectionFold WithFrame(params string[] parts)
    {
        var octets = new OutputBuffer();
        octets.Write(WireConstants.Preface);
        SettingsFrame.Write(octets);
        var fold = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        fold = Connection.Step(fold, new Input.Received(new Octets(octets.WrittenMemory), 0)).State;
        foreach (var part in parts)
            fold = Connection.Step(fold, new Input.Received(Octets.FromHex(part), 0)).State;
        return fold;
    }

    private static void Act(Rig rig, string command)
    {
        var misuse = command switch
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
        Assert.Equal(Refusal.None, misuse);
        if (command is "inform" or "push")
            rig.Rst(1);
        if (command is "reset" or "retire" or "inform" or "push")
            rig.Retire(1);
    }
}
