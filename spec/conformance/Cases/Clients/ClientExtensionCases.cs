using System.Text;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Extensions that a client may know: RFC 9218 (priorities), RFC 7838 (ALTSVC), RFC 8336 (ORIGIN).</summary>
internal static class ClientExtensionCases
{
    private const FrameType AltSvc = (FrameType)0x0a;
    private const FrameType Origin = (FrameType)0x0c;

    public static IEnumerable<ConformanceCase> Cases => [.. Setting, .. Update, .. Others];

    private static ClientCaseList Setting => new ClientCaseList("client-priority", "2.1", "RFC 9218 §2.1")
        .Must("NO_RFC7540_PRIORITIES of 1", "The setting may be 1.", async s =>
        {
            await s.Requested(new Setting(SettingId.NoRfc7540Priorities, 1));
            s.Head();
            await s.ExpectAccepted();
        })
        .Must("NO_RFC7540_PRIORITIES of 2", "A client that knows the setting answers another value than 0 or 1 with PROTOCOL_ERROR.", async s =>
        {
            await s.Requested();
            s.Head();
            Knows(s);
            s.Settings(SettingId.NoRfc7540Priorities, 2);
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Should("no PRIORITY from a client without them", "A client that has announced NO_RFC7540_PRIORITIES of 1 sends no PRIORITY.", async s =>
        {
            await ServedExchange.Ordinary(s);
            if (s.PeerSetting(SettingId.NoRfc7540Priorities) == 1 && s.Traffic.Any(frame => frame.Type == FrameType.Priority))
                throw Speaker.Fail("no PRIORITY", "PRIORITY");
        });

    private static ClientCaseList Update => new ClientCaseList("client-priority", "7.1", "RFC 9218 §7.1")
        .Must("PRIORITY_UPDATE from the server", "A client that knows RFC 9218 answers PRIORITY_UPDATE with a connection error PROTOCOL_ERROR.", async s =>
        {
            await s.Requested();
            s.Head();
            Knows(s);
            s.PriorityUpdate(s.StreamId, "u=1");
            await s.ExpectConnectionFault(ErrorCode.ProtocolError);
        })
        .Must("PRIORITY_UPDATE of the client", "PRIORITY_UPDATE goes on stream 0 and names a stream.", s => ServedExchange.Every(
            s, "PRIORITY_UPDATE on stream 0 with a stream", frame => frame.Type != FrameType.PriorityUpdate || frame is { StreamId: 0, Length: >= 4 }));

    private static ClientCaseList Others => new ClientCaseList("client-priority", "5.5", "RFC 9113 §5.5")
        .Must("ALTSVC", "ALTSVC is heeded or ignored.", s => ServedExchange.Accepts(s, e => e.Frame(
            AltSvc, 0, e.StreamId, [0, 0, .. Encoding.ASCII.GetBytes("h2=\":1\"; ma=1")])))
        .Must("ORIGIN", "ORIGIN is heeded or ignored.", s => ServedExchange.Accepts(s, e => e.Frame(
            Origin, 0, 0, [0, 20, .. Encoding.ASCII.GetBytes("https://example.test")])));

    /// <summary>Only a client that shows that it knows RFC 9218 can be asked to keep to it: others ignore what they do not know.</summary>
    private static void Knows(ServerEnd s)
    {
        if (s.PeerSetting(SettingId.NoRfc7540Priorities) is null && ReceivedStream.Value(s.On(s.StreamId).Sections[0], "priority") is null)
            throw Speaker.Skip("the client gives no sign that it knows RFC 9218");
    }
}
