using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Frames that belong to the connection: RFC 9113 §6.5, §6.7, §6.8.</summary>
internal static class Http2Section6Connection
{
    public static IEnumerable<ConformanceCase> Cases => [.. Settings, .. Parameters, .. Synchronization, .. Ping, .. GoAway];

    private static CaseList Settings => new CaseList("http2", "6.5", "RFC 9113 §6.5")
        .Must("acknowledgement with a payload",
            "An acknowledgement is empty; otherwise it is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Settings, FrameFlags.Ack, 0, 0);
            await p.ExpectConnectionError(ErrorCode.FrameSizeError);
        })
        .Must("SETTINGS on a stream", "SETTINGS belongs to the connection; on a stream it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Settings, 0, 1, Octet.Settings(new Setting(SettingId.MaxConcurrentStreams, 100)));
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("SETTINGS of 3 octets", "A length that six does not divide is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Settings, 0, 0, 0, 3, 0);
            await p.ExpectStreamError(ErrorCode.ProtocolError, ErrorCode.FrameSizeError);
        });

    private static CaseList Parameters => new CaseList("http2", "6.5.2", "RFC 9113 §6.5.2")
        .Must("ENABLE_PUSH of 2", "SETTINGS_ENABLE_PUSH is 0 or 1; else it is a connection error PROTOCOL_ERROR.", p =>
            Wrong(p, SettingId.EnablePush, 2, ErrorCode.ProtocolError))
        .Must("INITIAL_WINDOW_SIZE of 2^31", "A window above 2^31-1 is a connection error FLOW_CONTROL_ERROR.", p =>
            Wrong(p, SettingId.InitialWindowSize, 0x80000000, ErrorCode.FlowControlError))
        .Must("MAX_FRAME_SIZE of 16,383", "SETTINGS_MAX_FRAME_SIZE below 2^14 is a connection error PROTOCOL_ERROR.", p =>
            Wrong(p, SettingId.MaxFrameSize, 16383, ErrorCode.ProtocolError))
        .Must("MAX_FRAME_SIZE of 2^24", "SETTINGS_MAX_FRAME_SIZE above 2^24-1 is a connection error PROTOCOL_ERROR.", p =>
            Wrong(p, SettingId.MaxFrameSize, 0x1000000, ErrorCode.ProtocolError))
        .Must("unknown setting", "A setting that is not known is ignored.", async p =>
        {
            await p.Handshake();
            p.Settings((SettingId)0xff, 1);
            p.Ping(0);
            await p.ExpectPong();
        });

    private static CaseList Synchronization => new CaseList("http2", "6.5.3", "RFC 9113 §6.5.3")
        .Must("one setting twice", "The values of a SETTINGS frame are applied in order: the last one counts.", async p =>
        {
            await p.NeedBody();
            await p.Handshake();
            p.Settings(new Setting(SettingId.InitialWindowSize, 100), new Setting(SettingId.InitialWindowSize, 1));
            await p.ExpectSettingsAck();
            p.Request(1);
            await p.ExpectData(1);
        })
        .Must("SETTINGS is acknowledged", "SETTINGS is acknowledged at once when it has been applied.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.EnablePush, 0);
            await p.ExpectSettingsAck();
        });

    private static CaseList Ping => new CaseList("http2", "6.7", "RFC 9113 §6.7")
        .Must("PING", "PING is answered with ACK and the same octets.", async p =>
        {
            await p.Handshake();
            p.Ping(0x6832_7370_6563_0000);
            await p.ExpectPong(0x6832_7370_6563_0000);
        })
        .Must("PING with ACK", "An answer to PING is not answered.", async p =>
        {
            await p.Handshake();
            p.Ping(0x696e_7661_6c69_6400, ack: true);
            p.Ping(0x6832_7370_6563_0000);
            await p.ExpectPong(0x6832_7370_6563_0000);
        })
        .Must("PING on a stream", "PING belongs to the connection; on a stream it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("PING of 6 octets", "PING of another length than 8 is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 0, new byte[6]);
            await p.ExpectConnectionError(ErrorCode.FrameSizeError);
        });

    private static CaseList GoAway => new CaseList("http2", "6.8", "RFC 9113 §6.8")
        .Must("GOAWAY on a stream", "GOAWAY belongs to the connection; on a stream it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.GoAway, 0, 1, new byte[8]);
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        });

    private static async Task Wrong(Probe p, SettingId id, uint value, ErrorCode code)
    {
        await p.Handshake();
        p.Settings(id, value);
        await p.ExpectConnectionError(code);
    }
}
