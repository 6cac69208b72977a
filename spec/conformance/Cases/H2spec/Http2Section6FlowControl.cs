using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Flow control: RFC 9113 §6.9.</summary>
internal static class Http2Section6FlowControl
{
    private const uint MaxWindow = int.MaxValue;

    public static IEnumerable<ConformanceCase> Cases => [.. WindowUpdate, .. Window, .. InitialWindow];

    private static CaseList WindowUpdate => new CaseList("http2", "6.9", "RFC 9113 §6.9")
        .Must("increment of 0 on the connection", "An increment of 0 for the connection is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.WindowUpdate(0, 0);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("increment of 0 on a stream", "An increment of 0 for a stream is a PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.WindowUpdate(1, 0);
            await p.ExpectStreamError(ErrorCode.ProtocolError);
        })
        .Must("WINDOW_UPDATE of 3 octets", "WINDOW_UPDATE of another length than 4 is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.WindowUpdate, 0, 0, 0, 0, 1);
            await p.ExpectConnectionError(ErrorCode.FrameSizeError);
        });

    private static CaseList Window => new CaseList("http2", "6.9.1", "RFC 9113 §6.9.1")
        .Must("window of 1", "No DATA is longer than the window.", async p =>
        {
            await p.NeedBody();
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 1);
            await p.ExpectSettingsAck();
            p.Request(1);
            await p.ExpectData(1);
        })
        .Must("connection window above 2^31-1",
            "A connection window that would pass 2^31-1 ends the connection with FLOW_CONTROL_ERROR.", async p =>
        {
            await p.Handshake();
            p.WindowUpdate(0, MaxWindow);
            p.WindowUpdate(0, MaxWindow);
            await p.First(FrameType.GoAway, "GOAWAY with FLOW_CONTROL_ERROR", frame => frame.ErrorCode == ErrorCode.FlowControlError);
        })
        .Must("stream window above 2^31-1", "A stream window that would pass 2^31-1 ends the stream with FLOW_CONTROL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.WindowUpdate(1, MaxWindow);
            p.WindowUpdate(1, MaxWindow);
            await p.First(
                FrameType.RstStream, "RST_STREAM with FLOW_CONTROL_ERROR",
                frame => frame is { ErrorCode: ErrorCode.FlowControlError, StreamId: 1 });
        });

    private static CaseList InitialWindow => new CaseList("http2", "6.9.2", "RFC 9113 §6.9.2")
        .Must("window opened by SETTINGS",
            "A new SETTINGS_INITIAL_WINDOW_SIZE moves the windows of open streams by the difference.", async p =>
        {
            await p.NeedBody();
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0);
            await p.ExpectSettingsAck();
            p.Request(1);
            p.Settings(SettingId.InitialWindowSize, 1);
            await p.ExpectData(1);
        })
        .Must("negative window", "A window may fall below zero; nothing is sent until it is above zero again.", async p =>
        {
            await p.NeedBody(5);
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 3);
            await p.ExpectSettingsAck();
            p.Request(1);
            await p.ExpectFrame(FrameType.Data);
            p.Settings(SettingId.InitialWindowSize, 2);
            await p.ExpectSettingsAck();
            p.WindowUpdate(1, 2);
            await p.ExpectData(1);
        })
        .Must("initial window of 2^31", "A window above 2^31-1 is a connection error FLOW_CONTROL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0x80000000);
            await p.ExpectConnectionError(ErrorCode.FlowControlError);
        });
}
