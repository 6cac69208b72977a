using Http2.Pure;

namespace Http2.Conformance;

/// <summary>How a client begins, and what it makes of a server that begins wrongly: RFC 9113 §3.</summary>
internal static class ClientPrefaceCases
{
    private const string Invalid = "A preface of the server that does not begin with SETTINGS is a connection error PROTOCOL_ERROR.";

    private static readonly (string Title, Action<ServerEnd> Send)[] Wrong =
    [
        ("PING first", s => s.Ping(1)),
        ("WINDOW_UPDATE first", s => s.WindowUpdate(0, 1000)),
        ("an acknowledgement of SETTINGS first", s => s.SettingsAck()),
        ("HEADERS first", s => s.Headers(1, Serving.Ok(), endStream: true)),
        ("an unknown frame first", s => s.Unknown(0)),
        ("SETTINGS on a stream first", s => s.Frame(FrameType.Settings, 0, 1)),
        ("the client's preface sent back", s => s.Octets(Octet.Magic, "the client's preface")),
        ("a response of HTTP/1.1", s => s.Words("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Starting, .. Prefaces];

    private static ClientCaseList Starting => new ClientCaseList("client-preface", "3.3", "RFC 9113 §3.3")
        .Must("prior knowledge", "A client that knows that the server speaks HTTP/2 begins with the preface, not with HTTP/1.1.", async s =>
        {
            if (s.Run.Client.Tls)
                throw Speaker.Skip("only over cleartext");
            await ServedExchange.Ordinary(s);
        });

    private static ClientCaseList Prefaces => new ClientCaseList("client-preface", "3.4", "RFC 9113 §3.4")
        .Must("the 24 octets", "The client begins with PRI * HTTP/2.0.", s => s.Preface())
        .Must("SETTINGS behind them", "The client's first frame is SETTINGS, not an acknowledgement, on stream 0.", async s =>
        {
            await s.Handshake();
            if (s.Traffic[0] is not { StreamId: 0 } || s.Traffic[0].Length % 6 != 0)
                throw Speaker.Fail("SETTINGS on stream 0", FrameLine.Of(s.Traffic[0]));
        })
        .Must("acknowledges the server's SETTINGS", "The SETTINGS of the server's preface are acknowledged.", async s =>
        {
            await s.Requested();
            s.Head();
            await s.ExpectUntil("SETTINGS with ACK", () => s.Traffic.Any(frame => frame is { Type: FrameType.Settings, IsAck: true }));
            await s.ExpectAccepted();
        })
        .Must("a preface octet by octet", "The client waits for the rest of the server's preface.", async s =>
        {
            await s.Preface();
            foreach (var octet in Octet.Frame(FrameType.Settings, 0, 0, Octet.Settings(new Setting(SettingId.MaxConcurrentStreams, 100))))
            {
                s.Octets([octet], "an octet of SETTINGS");
                await s.Flush();
            }
            s.SettingsAck();
            await s.NextRequest(0);
            s.Head();
            await s.ExpectAccepted();
        })
        .Must("the answer with the preface", "The client takes frames that come together with the server's preface.", async s =>
        {
            await s.Preface();
            await s.NextRequest(0);
            s.Settings();
            s.SettingsAck();
            s.Answer(s.StreamId);
            await s.ExpectServed();
        })
        .MustForEach(Wrong, row => row.Title, Invalid, async (s, row) =>
        {
            await s.Preface();
            row.Send(s);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError, ErrorCode.FrameSizeError);
        })
        .Must("the end instead of a preface", "A client whose server ends the connection at once does not report a response.", async s =>
        {
            await s.Preface();
            await s.ExpectNoResponse(hangUp: true);
        });
}
