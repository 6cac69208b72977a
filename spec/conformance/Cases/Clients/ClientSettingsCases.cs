using Http2.Pure;

namespace Http2.Conformance;

/// <summary>SETTINGS: RFC 9113 §6.5, RFC 8441 §3 and RFC 9218 §2.1.</summary>
internal static class ClientSettingsCases
{
    private const string Out = "A value out of its range is a connection error.";
    private const string Within = "A value at the end of its range is taken.";

    private static readonly (string Title, SettingId Id, uint Value, ErrorCode Code)[] OutOfRange =
    [
        ("ENABLE_PUSH of 1", SettingId.EnablePush, 1, ErrorCode.ProtocolError),
        ("ENABLE_PUSH of 2", SettingId.EnablePush, 2, ErrorCode.ProtocolError),
        ("INITIAL_WINDOW_SIZE of 2^31", SettingId.InitialWindowSize, 0x80000000, ErrorCode.FlowControlError),
        ("INITIAL_WINDOW_SIZE of 2^32-1", SettingId.InitialWindowSize, uint.MaxValue, ErrorCode.FlowControlError),
        ("MAX_FRAME_SIZE of 16,383", SettingId.MaxFrameSize, 16383, ErrorCode.ProtocolError),
        ("MAX_FRAME_SIZE of 0", SettingId.MaxFrameSize, 0, ErrorCode.ProtocolError),
        ("MAX_FRAME_SIZE of 2^24", SettingId.MaxFrameSize, 1 << 24, ErrorCode.ProtocolError),
    ];

    private static readonly (string Title, SettingId Id, uint Value)[] InRange =
    [
        ("ENABLE_PUSH of 0", SettingId.EnablePush, 0),
        ("INITIAL_WINDOW_SIZE of 0", SettingId.InitialWindowSize, 0),
        ("INITIAL_WINDOW_SIZE of 2^31-1", SettingId.InitialWindowSize, int.MaxValue),
        ("MAX_FRAME_SIZE of 16,384", SettingId.MaxFrameSize, 16384),
        ("MAX_FRAME_SIZE of 2^24-1", SettingId.MaxFrameSize, WireFrame.MaxLength),
        ("HEADER_TABLE_SIZE of 0", SettingId.HeaderTableSize, 0),
        ("HEADER_TABLE_SIZE of 2^32-1", SettingId.HeaderTableSize, uint.MaxValue),
        ("MAX_CONCURRENT_STREAMS of 2^32-1", SettingId.MaxConcurrentStreams, uint.MaxValue),
        ("MAX_HEADER_LIST_SIZE of 2^32-1", SettingId.MaxHeaderListSize, uint.MaxValue),
        ("ENABLE_CONNECT_PROTOCOL of 1", SettingId.EnableConnectProtocol, 1),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Announced, .. Values, .. Synchronization];

    private static ClientCaseList Announced => new ClientCaseList("client-settings", "6.5.1", "RFC 9113 §6.5.2")
        .Must("values within their ranges", "The client announces values that the settings can have.", async s =>
        {
            await ServedExchange.Ordinary(s);
            foreach (var setting in s.PeerSettings)
            {
                var isSound = setting.Id switch
                {
                    SettingId.EnablePush or SettingId.EnableConnectProtocol => setting.Value <= 1,
                    SettingId.InitialWindowSize => setting.Value <= int.MaxValue,
                    SettingId.MaxFrameSize => setting.Value is >= 16384 and <= WireFrame.MaxLength,
                    _ => true,
                };
                if (!isSound)
                    throw Speaker.Fail("values within their ranges", $"{FrameLine.Name(setting.Id)} of {setting.Value}");
            }
        })
        .Must("SETTINGS on stream 0", "SETTINGS belongs to the connection.", s => ServedExchange.Every(
            s, "SETTINGS on stream 0", frame => frame.Type != FrameType.Settings || frame.StreamId == 0))
        .Must("empty acknowledgements", "An acknowledgement of SETTINGS is empty.", s => ServedExchange.Every(
            s, "SETTINGS with ACK of no octets", frame => frame.Type != FrameType.Settings || !frame.IsAck || frame.Length == 0));

    private static ClientCaseList Values => new ClientCaseList("client-settings", "6.5.2", "RFC 9113 §6.5.2")
        .MustForEach(OutOfRange, row => row.Title, Out, (s, row) => ServedExchange.Breaks(s, e => e.Settings(row.Id, row.Value), row.Code))
        .MustForEach(InRange, row => row.Title, Within, (s, row) => ServedExchange.Accepts(s, e => e.Settings(row.Id, row.Value)))
        .Must("SETTINGS on a stream", "SETTINGS on a stream is a connection error PROTOCOL_ERROR.", s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.Settings, 0, e.StreamId), ErrorCode.ProtocolError))
        .Must("empty SETTINGS", "SETTINGS may be empty.", s => ServedExchange.Accepts(s, e => e.Settings()));

    private static ClientCaseList Synchronization => new ClientCaseList("client-settings", "6.5.3", "RFC 9113 §6.5.3")
        .Must("an acknowledgement for each", "Every SETTINGS frame is acknowledged once.", async s =>
        {
            await s.Requested();
            s.Head();
            for (var i = 0; i < 9; i++)
                s.Settings(SettingId.MaxConcurrentStreams, (uint)(100 + i));
            await s.ExpectTolerated();
            var acknowledged = s.Traffic.Count(frame => frame is { Type: FrameType.Settings, IsAck: true });
            if (acknowledged != 10)
                throw Speaker.Fail("10 acknowledgements", $"{acknowledged}");
            s.Content();
            await s.ExpectServed();
        })
        .Must("values in order", "Of two values in one frame the later holds: an upload goes on with its window.", async s =>
        {
            await s.Requested(
                new Setting(SettingId.InitialWindowSize, 0), new Setting(SettingId.InitialWindowSize, 1_000_000));
            s.WindowUpdate(0, 1_000_000);
            await s.ExpectUntil("all of the upload", () => s.On(s.StreamId).Ended);
            s.Answer(s.StreamId);
            await s.ExpectServed();
        }, ClientTask.Upload)
        .Must("an acknowledgement that was not asked for", "The client does not answer an acknowledgement.", async s =>
        {
            await ServedExchange.Ordinary(s);
            if (s.Traffic.Count(frame => frame is { Type: FrameType.Settings, IsAck: true }) is > 1 and var count)
                throw Speaker.Fail("one acknowledgement", $"{count}");
        });
}
