using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Events, inputs, steps, heads and settings show what they hold, in one line each.</summary>
public sealed class EventTextTests
{
    [Fact]
    public void A_request_shows_its_fields()
    {
        var (_, server) = Exchange(client => Connection.Step(client, new Input.SubmitRequest(
            [(":method", "GET"), (":scheme", "https"), (":authority", "a:1"), (":path", "/p?q"), ("x", "y")], EndStream: true)));
        Assert.Equal(
            "RequestReceived { Id = 1, Head = [:method: GET, :scheme: https, :authority: a:1, :path: /p?q, x: y], EndStream = True }",
            $"{server.Events.OfType<ConnectionEvent.RequestReceived>().Single()}");
    }

    [Fact]
    public void A_response_a_body_and_trailers_show_theirs()
    {
        var (client, server) = Exchange(client => Connection.Step(client, new Input.SubmitRequest(
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")], EndStream: true)));
        var head = new OutboundHead(200, [("x", "y")]);
        var fold = Connection.Step(server.State, new Input.SubmitResponse(new(1), head, "hello", EndStream: false));
        var more = Connection.Step(fold.State, new Input.SubmitTrailers(new(1), [("sum", "\u001b[2J")]));
        var sent = Connection.Step(more.State, new Input.Drain(int.MaxValue));
        var octets = new Octets((byte[])[.. fold.Output.Span, .. more.Output.Span, .. sent.Output.Span]);
        var received = Connection.Step(client, new Input.Received(octets, 0)).Events.Select(happened => happened.ToString()).ToList();
        Assert.Contains("ResponseReceived { Id = 1, Head = [:status: 200, x: y], EndStream = False }", received);
        Assert.Contains("DataReceived { Id = 1, Data = 5 octets, EndStream = False }", received);
        Assert.Contains("StreamClosed { Id = 1, Code = NoError, Abnormal = False }", received);
        var trailers = Assert.Single(received, line => line.StartsWith("TrailersReceived", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', trailers);
        Assert.StartsWith("TrailersReceived { Id = 1, Fields = [sum: ", trailers, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_control_frames_show_their_values()
    {
        Assert.Equal(
            "SettingsReceived { Settings = [MaxFrameSize = 16384, 241 = 5] }",
            $"{new ConnectionEvent.SettingsReceived([new(SettingId.MaxFrameSize, 16384), new((SettingId)0xf1, 5)])}");
        Assert.Equal("SettingsReceived { Settings = [] }", $"{new ConnectionEvent.SettingsReceived(default)}");
        Assert.Equal("PingAcknowledged { Opaque = 0x00000000000000ff }", $"{new ConnectionEvent.PingAcknowledged(255)}");
        Assert.Equal(
            "GoAwayReceived { LastStreamId = 5, Code = EnhanceYourCalm, Debug = too many }",
            $"{new ConnectionEvent.GoAwayReceived(new(5), ErrorCode.EnhanceYourCalm, "too many")}");
    }

    [Fact]
    public void A_head_to_send_shows_what_is_added_to_its_fields()
    {
        Assert.Equal(
            "[:status: 200, x: y, content-length: 5, date: now]",
            new OutboundHead(200, [("x", "y")], 5, ("date", "now")).ToString());
        Assert.Equal("[:status: 0]", $"{default(OutboundHead) with { ContentLength = -1 }}");
    }

    [Fact]
    public void Inputs_show_fields_settings_and_how_many_octets_there_are()
    {
        Assert.Equal(
        [
            "Received { Octets = 5 octets, Now = 7 }",
            "SubmitResponse { Id = 1, Head = [:status: 200, x: y], Body = 2 octets, EndStream = True }",
            "SubmitInformational { Id = 1, Head = [:status: 103] }",
            "SubmitData { Id = 1, Data = 3 octets, EndStream = False }",
            "SubmitTrailers { Id = 1, Fields = [sum: 5] }",
            "SubmitTrailers { Id = 1, Fields = [] }",
            "SubmitPush { Parent = 1, Fields = [:path: /a] }",
            "SubmitRequest { Fields = [:path: /a], EndStream = True }",
            "SubmitReset { Id = 1, Code = Cancel }",
            "SubmitPing { Opaque = 0x00000000000000ff }",
            "SubmitSettings { Settings = [MaxFrameSize = 16384, 241 = 5], Now = 7 }",
            "SetDate { Date = now }",
            "SetDate { Date = none }",
        ],
        ((Input[])
        [
            new Input.Received("\u001b[2Ja", 7),
            new Input.SubmitResponse(new(1), new OutboundHead(200, [("x", "y")]), "hi", EndStream: true),
            new Input.SubmitInformational(new(1), new OutboundHead(103, [])),
            new Input.SubmitData(new(1), "abc", EndStream: false),
            new Input.SubmitTrailers(new(1), [("sum", "5")]),
            new Input.SubmitTrailers(new(1), default),
            new Input.SubmitPush(new(1), [(":path", "/a")]),
            new Input.SubmitRequest([(":path", "/a")], EndStream: true),
            new Input.SubmitReset(new(1), ErrorCode.Cancel),
            new Input.SubmitPing(255),
            new Input.SubmitSettings([new(SettingId.MaxFrameSize, 16384), new((SettingId)0xf1, 5)], 7),
            new Input.SetDate(("date", "now")),
            new Input.SetDate(null),
        ]).Select(input => input.ToString()));
    }

    [Fact]
    public void A_step_shows_what_it_led_to()
    {
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0);
        var step = Connection.Step(start.State, new Input.Disconnected());
        Assert.Equal("Step { Output = 0 octets, Events = [], Opened = None }", step.ToString());
        Assert.Matches(@"^Step \{ Output = \d+ octets, Events = \[\], Opened = None \}$", start.ToString());
    }

    [Fact]
    public void A_payload_of_settings_shows_its_entries()
    {
        Assert.Equal("[MaxFrameSize = 16384, 241 = 5]", $"{SettingsPayload.Of(new(SettingId.MaxFrameSize, 16384), new((SettingId)0xf1, 5))}");
        Assert.Equal("[]", default(SettingsPayload).ToString());
    }

    [Fact]
    public void What_holds_nothing_shows_that()
    {
        Assert.Equal("[]", default(RequestHead).ToString());
        Assert.Equal("[]", default(ResponseHead).ToString());
        Assert.Equal("", default(FieldList).ToString());
    }

    private static (ConnectionFold Client, Step Server) Exchange(Func<ConnectionFold, Step> ask)
    {
        var client = Connection.Start(Role.Client, ConnectionOptions.Default, 0);
        var asked = ask(client.State);
        var server = Connection.Start(Role.Server, ConnectionOptions.Default, 0);
        var heard = Connection.Step(
            server.State, new Input.Received(new Octets((byte[])[.. client.Output.Span, .. asked.Output.Span]), 0));
        var greeted = Connection.Step(
            asked.State, new Input.Received(new Octets((byte[])[.. server.Output.Span, .. heard.Output.Span]), 0));
        return (greeted.State, heard);
    }
}
