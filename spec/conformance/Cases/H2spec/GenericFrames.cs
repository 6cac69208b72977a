using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What any server takes: one or two sound frames of every type.</summary>
internal static class GenericFrames
{
    public static IEnumerable<ConformanceCase> Cases =>
        [.. Data, .. Headers, .. Priority, .. Reset, .. Settings, .. Ping, .. GoAway, .. WindowUpdate, .. Continuation];

    private static CaseList Data => new CaseList("generic", "3.1", "RFC 9113 §6.1")
        .Must("one DATA frame", "A body in one frame is taken.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test", endStream: true);
            await p.ExpectHeaders(1);
        })
        .Must("two DATA frames", "A body in several frames is taken.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Data(1, "test");
            p.Data(1, "test", endStream: true);
            await p.ExpectHeaders(1);
        })
        .Must("padded DATA frame", "Padding of DATA is taken and discarded.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.PaddedData(1, "test", 5, endStream: true);
            await p.ExpectHeaders(1);
        });

    private static CaseList Headers => new CaseList("generic", "3.2", "RFC 9113 §6.2")
        .Must("HEADERS frame", "A request in one HEADERS frame is answered.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.ExpectHeaders(1);
        })
        .Must("padded HEADERS frame", "Padding of HEADERS is taken and discarded.", async p =>
        {
            await p.Handshake();
            p.PaddedHeaders(1, p.Get(), 8);
            await p.ExpectHeaders(1);
        })
        .Must("HEADERS frame with priority fields", "The priority fields of HEADERS are taken, used or not.", async p =>
        {
            await p.Handshake();
            p.PrioritizedHeaders(1, p.Get(), dependency: 0);
            await p.ExpectHeaders(1);
        });

    private static CaseList Priority => new CaseList("generic", "3.3", "RFC 9113 §6.3")
        .Must("PRIORITY with weight 1", "The smallest weight is taken.", p => PriorityThenRequest(p, 1, 0, 0))
        .Must("PRIORITY with weight 256", "The largest weight is taken.", p => PriorityThenRequest(p, 1, 0, 255))
        .Must("PRIORITY with a dependency", "A dependency on another stream is taken.", p => PriorityThenRequest(p, 3, 1, 0))
        .Must("exclusive PRIORITY", "The exclusive bit is taken.", p => PriorityThenRequest(p, 1, 0, 0, exclusive: true))
        .Must("PRIORITY above, then HEADERS below",
            "PRIORITY for an idle stream does not close the streams below it.", p => PriorityThenRequest(p, 3, 0, 255));

    private static CaseList Reset => new CaseList("generic", "3.4", "RFC 9113 §6.4")
        .Must("RST_STREAM", "A request may be cancelled before it has ended; the connection goes on.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Get());
            p.Reset(1);
            p.Ping(0);
            await p.ExpectPongOrClose();
        });

    private static CaseList Settings => new CaseList("generic", "3.5", "RFC 9113 §6.5")
        .Must("SETTINGS with every setting", "SETTINGS is applied and acknowledged.", async p =>
        {
            await p.Handshake();
            p.Settings(
                new(SettingId.HeaderTableSize, 4096), new(SettingId.EnablePush, 1), new(SettingId.MaxConcurrentStreams, 100),
                new(SettingId.InitialWindowSize, 65535), new(SettingId.MaxFrameSize, 16384), new(SettingId.MaxHeaderListSize, 100));
            await p.ExpectSettingsAck();
        });

    private static CaseList Ping => new CaseList("generic", "3.7", "RFC 9113 §6.7")
        .Must("PING", "PING is answered with the same octets.", async p =>
        {
            await p.Handshake();
            p.Ping(0x6832_7370_6563_0000);
            await p.ExpectPong(0x6832_7370_6563_0000);
        });

    private static CaseList GoAway => new CaseList("generic", "3.8", "RFC 9113 §6.8")
        .Must("GOAWAY", "GOAWAY is taken; the server may close then, and answers PING as long as it does not.", async p =>
        {
            await p.Handshake();
            p.GoAway(0, ErrorCode.NoError, "bye");
            p.Ping(7);
            await p.ExpectPongOrClose(7);
        });

    private static CaseList WindowUpdate => new CaseList("generic", "3.9", "RFC 9113 §6.9")
        .Must("WINDOW_UPDATE on the connection", "Credit for the connection is taken.", async p =>
        {
            await p.Handshake();
            p.WindowUpdate(0, 1);
            p.Ping(0);
            await p.ExpectPong();
        })
        .Must("WINDOW_UPDATE on a stream", "Credit for a stream is taken.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            p.WindowUpdate(1, 1);
            await p.ExpectHeaders(1);
        });

    private static CaseList Continuation => new CaseList("generic", "3.10", "RFC 9113 §6.10")
        .Must("one CONTINUATION", "A field block may go on in a CONTINUATION frame, cut anywhere.", async p =>
        {
            await p.Handshake();
            var block = p.Get();
            p.Headers(1, block.AsSpan(0, 5), endStream: true, endHeaders: false);
            p.Continuation(1, block.AsSpan(5), endHeaders: true);
            await p.ExpectHeaders(1);
        })
        .Must("two CONTINUATIONs", "A field block may go on in several CONTINUATION frames.", async p =>
        {
            await p.Handshake();
            var block = p.Get();
            p.Headers(1, block.AsSpan(0, 5), endStream: true, endHeaders: false);
            p.Continuation(1, block.AsSpan(5, 5), endHeaders: false);
            p.Continuation(1, block.AsSpan(10), endHeaders: true);
            await p.ExpectHeaders(1);
        });

    private static async Task PriorityThenRequest(Probe p, uint stream, uint dependency, byte weight, bool exclusive = false)
    {
        await p.Handshake();
        p.Priority(stream, dependency, weight, exclusive);
        p.Request(1);
        await p.ExpectHeaders(1);
    }
}
