using Http2.Pure;

namespace Http2.Conformance;

/// <summary>SETTINGS both ways: RFC 9113 §6.5, and PING and GOAWAY details of §6.7 and §6.8.</summary>
internal static class SettingsCases
{
    private static readonly (string Title, SettingId Id, uint Value, ErrorCode Code)[] Wrong =
    [
        ("ENABLE_PUSH of 2^32-1", SettingId.EnablePush, uint.MaxValue, ErrorCode.ProtocolError),
        ("INITIAL_WINDOW_SIZE of 2^32-1", SettingId.InitialWindowSize, uint.MaxValue, ErrorCode.FlowControlError),
        ("MAX_FRAME_SIZE of 0", SettingId.MaxFrameSize, 0, ErrorCode.ProtocolError),
        ("MAX_FRAME_SIZE of 2^32-1", SettingId.MaxFrameSize, uint.MaxValue, ErrorCode.ProtocolError),
    ];

    private static readonly (string Title, SettingId Id, uint Value)[] Right =
    [
        ("HEADER_TABLE_SIZE of 0", SettingId.HeaderTableSize, 0), ("HEADER_TABLE_SIZE of 2^32-1", SettingId.HeaderTableSize, uint.MaxValue),
        ("ENABLE_PUSH of 0", SettingId.EnablePush, 0), ("ENABLE_PUSH of 1", SettingId.EnablePush, 1),
        ("MAX_CONCURRENT_STREAMS of 0", SettingId.MaxConcurrentStreams, 0),
            ("INITIAL_WINDOW_SIZE of 2^31-1", SettingId.InitialWindowSize, int.MaxValue),
        ("MAX_FRAME_SIZE of 2^14", SettingId.MaxFrameSize, 16384), ("MAX_FRAME_SIZE of 2^24-1", SettingId.MaxFrameSize, 16777215),
        ("MAX_HEADER_LIST_SIZE of 2^32-1", SettingId.MaxHeaderListSize, uint.MaxValue),
            ("setting 0x0", 0, 7), ("setting 0xffff", (SettingId)0xffff, uint.MaxValue),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Values, .. Announced, .. Synchronization, .. Respected, .. Ping];

    private static CaseList Values => new CaseList("settings", "6.5.2", "RFC 9113 §6.5.2")
        .MustForEach(Wrong, row => row.Title, row => $"This value is a connection error {FrameLine.Name(row.Code)}.", (p, row) =>
            Exchange.ConnectionError(p, probe => probe.Settings(row.Id, row.Value), row.Code))
        .MustForEach(Right, row => row.Title, _ => "This value is taken, or the setting ignored.", (p, row) =>
            Exchange.Tolerated(p, probe => probe.Settings(row.Id, row.Value)))
        .Must("wrong value behind right ones", "Every value of a frame is judged.", p => Exchange.ConnectionError(
            p, probe => probe.Settings(new Setting(SettingId.HeaderTableSize, 100), new Setting(SettingId.MaxFrameSize, 100)),
                ErrorCode.ProtocolError))
        .Must("wrong value in the first SETTINGS", "The SETTINGS of the preface are judged as all others.", async p =>
        {
            p.Magic();
            p.Settings(SettingId.EnablePush, 3);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("ten settings in one frame",
            "Known and unknown settings together are taken.", p => Exchange.Tolerated(p, probe => probe.Settings(
            [.. Enumerable.Range(0x10, 9).Select(id => new Setting((SettingId)id, (uint)id)), new Setting(SettingId.EnablePush, 0)])));

    private static CaseList Announced => new CaseList("settings", "6.5.1", "RFC 9113 §6.5.2")
        .Must("the server's ENABLE_PUSH",
            "A server does not announce ENABLE_PUSH as 1, nor as anything but 0.", p => Check(p, SettingId.EnablePush, value => value == 0))
        .Must("the server's INITIAL_WINDOW_SIZE",
            "The window announced is at most 2^31-1.", p => Check(p, SettingId.InitialWindowSize, value => value <= int.MaxValue))
        .Must("the server's MAX_FRAME_SIZE",
            "The frame size announced is 2^14 to 2^24-1.",
            p => Check(p, SettingId.MaxFrameSize, value => value is >= 16384 and <= 16777215))
        .Must("the server's ENABLE_CONNECT_PROTOCOL",
            "The value announced is 0 or 1.", p => Check(p, SettingId.EnableConnectProtocol, value => value <= 1))
        .Must("the server's NO_RFC7540_PRIORITIES",
            "The value announced is 0 or 1.", p => Check(p, SettingId.NoRfc7540Priorities, value => value <= 1));

    private static CaseList Synchronization => new CaseList("settings", "6.5.3", "RFC 9113 §6.5.3")
        .Must("empty SETTINGS", "An empty SETTINGS frame is acknowledged.", p => Acknowledged(p, 1))
        .Must("five SETTINGS", "Every SETTINGS frame is acknowledged, once.", p => Acknowledged(p, 5))
        .Must("SETTINGS while a request is open", "SETTINGS is acknowledged whatever streams there are.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Settings(SettingId.InitialWindowSize, 1000);
            await p.ExpectSettingsAck();
            p.Data(1, "test", endStream: true);
            await p.ExpectAnswered(1);
        })
        .Add("surplus acknowledgement", "An acknowledgement of no SETTINGS is refused with PROTOCOL_ERROR.", p =>
            Exchange.ConnectionError(p, probe => probe.SettingsAck(), ErrorCode.ProtocolError), RequirementLevel.Should, strictOnly: true)
        .Must("request before the acknowledgement", "A client that has not acknowledged the server's SETTINGS yet is served.", async p =>
        {
            p.Magic();
            p.Settings();
            await p.Flush();
            for (var i = 0u; i < 5; i++)
                await p.ExpectRequestAnswered((i * 2) + 1);
        });

    private static CaseList Respected => new CaseList("settings", "6.5.4", "RFC 9113 §6.5")
        .Must("responses keep to 2^14", "No frame is longer than the client's SETTINGS_MAX_FRAME_SIZE.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, int.MaxValue));
            p.WindowUpdate(0, int.MaxValue - PeerWindows.Initial);
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var response = await p.ExpectAnswered(1);
            if (response.DataFrames.Max() > 16384)
                throw Probe.Fail("no DATA above 16384 octets", $"{response.DataFrames.Max()}");
        })
        .Must("larger frames are allowed, not asked for", "After MAX_FRAME_SIZE of 32,768 no frame is longer than that.", async p =>
        {
            var path = Probe.Need(p.Target.Resources.Large, "large");
            await p.Handshake(new Setting(SettingId.InitialWindowSize, int.MaxValue), new Setting(SettingId.MaxFrameSize, 32768));
            p.WindowUpdate(0, int.MaxValue - PeerWindows.Initial);
            p.GrantsWindow = false;
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            var response = await p.ExpectAnswered(1);
            if (response.DataFrames.Max() > 32768)
                throw Probe.Fail("no DATA above 32768 octets", $"{response.DataFrames.Max()}");
        })
        .Must("MAX_HEADER_LIST_SIZE of 1",
            "The limit is advice: the server answers or refuses in order, and the connection goes on.", async p =>
        {
            await p.Handshake(new Setting(SettingId.MaxHeaderListSize, 1));
            p.Request(1);
            var response = await p.Response(1);
            if (!response.Ended && response.Reset is null)
                throw Probe.Fail("a response or RST_STREAM", response.ToString());
            await p.ExpectTolerated();
        });

    private static CaseList Ping => new CaseList("settings", "6.7", "RFC 9113 §6.7")
        .Must("every octet of PING comes back", "The opaque data of the answer are those of the question.", async p =>
        {
            await p.Handshake();
            for (var i = 0; i < 8; i++)
            {
                var opaque = (ulong)p.Random.NextInt64();
                p.Ping(opaque);
                await p.ExpectPong(opaque);
            }
        })
        .Must("PINGs are answered in order", "Ten PINGs at once get ten answers in their order.", async p =>
        {
            await p.Handshake();
            for (var i = 1u; i <= 10; i++)
                p.Ping(i);
            for (var i = 1u; i <= 10; i++)
                await p.ExpectPong(i);
        })
        .Must("answer that nobody asked for",
            "A PING with ACK that answers nothing is ignored.", p => Exchange.Tolerated(p, probe => probe.Ping(99, ack: true)))
        .Must("PING while a request is open", "PING is answered while a request waits for its body.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            await p.ExpectTolerated();
            p.Data(1, "test", endStream: true);
            await p.ExpectAnswered(1);
        })
        .Should("PING overtakes DATA", "PING is answered although DATA waits for window.", async p =>
        {
            await p.NeedBody();
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 0));
            p.Request(1);
            await p.ExpectTolerated();
        });

    private static async Task Check(Probe p, SettingId id, Func<uint, bool> right)
    {
        await p.Handshake();
        await p.ExpectTolerated();
        foreach (var setting in p.PeerSettings)
        {
            if (setting.Id == id && !right(setting.Value))
                throw Probe.Fail($"a value that {FrameLine.Name(id)} may have", $"{setting.Value}");
        }
    }

    private static async Task Acknowledged(Probe p, int count)
    {
        await p.Handshake();
        for (var i = 0; i < count; i++)
            p.Settings();
        var fence = p.Fence();
        var seen = 0;
        var fenced = false;
        while (!fenced || seen < count)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail($"{count} acknowledgements", $"{seen}, then {outcome}");
            if (frame is { Type: FrameType.Settings, IsAck: true })
                seen++;
            fenced |= frame is { Type: FrameType.Ping, IsAck: true } && frame.Payload.Span.SequenceEqual(Octet.UInt64(fence));
        }
        p.Fence();
        await p.ExpectFrame(FrameType.Ping);
        if (seen != count)
            throw Probe.Fail($"{count} acknowledgements", $"{seen}");
    }
}
