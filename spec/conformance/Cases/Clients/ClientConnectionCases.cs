using Http2.Pure;

namespace Http2.Conformance;

/// <summary>PING, GOAWAY, and requests that were not processed: RFC 9113 §6.7, §6.8 and §8.7.</summary>
internal static class ClientConnectionCases
{
    private const string Unprocessed =
        "A request above the last stream of GOAWAY was not processed: the client sends it again on another connection, or fails.";

    public static IEnumerable<ConformanceCase> Cases => [.. Pings, .. GoAways, .. Retries];

    private static ClientCaseList Pings => new ClientCaseList("client-connection", "6.7", "RFC 9113 §6.7")
        .Must("PING", "PING is answered with the same octets.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Ping(0x0123456789abcdef);
            await s.ExpectUntil("PING with ACK and the same octets", () => s.Traffic.Any(frame => frame.IsPong(0x0123456789abcdef)));
            await s.ExpectAccepted();
        })
        .Must("many PINGs", "Each PING is answered, in order.", async s =>
        {
            await s.Requested();
            s.Head();
            for (var i = 1u; i <= 10; i++)
                s.Ping(i);
            await s.ExpectTolerated();
            var answers = s.Traffic.Where(frame => frame is { Type: FrameType.Ping, IsAck: true }).ToList();
            if (Enumerable.Range(1, 10).Any(i => !answers[i - 1].IsPong((ulong)i)))
                throw Speaker.Fail("10 answers in order", $"{answers.Count} answers");
            s.Content();
            await s.ExpectServed();
        })
        .Must("an answer without a question", "PING with ACK is not answered.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Ping(77, ack: true);
            var fence = s.Fence();
            // Whether the client goes on is left open; that it does not answer is not.
            await s.UntilEndOr(() => s.Traffic.Any(frame => frame.IsPong(fence)));
            if (s.Traffic.Any(frame => frame.IsPong(77)))
                throw Speaker.Fail("no answer to PING with ACK", "PING with ACK and the same octets");
            await s.HangUp();
        })
        .Must("PING on a stream", "PING on a stream is a connection error PROTOCOL_ERROR.", s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.Ping, 0, e.StreamId, Octet.UInt64(1)), ErrorCode.ProtocolError));

    private static ClientCaseList GoAways => new ClientCaseList("client-connection", "6.8", "RFC 9113 §6.8")
        .Must("GOAWAY beside a response", "Streams up to the last one that GOAWAY names come to their end.",
            s => ServedExchange.Accepts(s, e => e.GoAway(e.StreamId, ErrorCode.NoError)))
        .Must("a warning before the end", "A server may begin with GOAWAY that names stream 2^31-1.", s => ServedExchange.Accepts(s, e =>
        {
            e.GoAway(int.MaxValue, ErrorCode.NoError);
            e.GoAway(e.StreamId, ErrorCode.NoError);
        }))
        .Must("GOAWAY with text", "GOAWAY may have text for people.",
            s => ServedExchange.Accepts(s, e => e.GoAway(e.StreamId, ErrorCode.NoError, new string('w', 2000))))
        .Must("the reserved bit in GOAWAY", "The reserved bit is ignored.",
            s => ServedExchange.Accepts(s, e => e.GoAway(e.StreamId | 0x80000000, ErrorCode.NoError)))
        .Must("GOAWAY on a stream", "GOAWAY on a stream is a connection error PROTOCOL_ERROR.", s => ServedExchange.Breaks(
            s, e => e.Frame(FrameType.GoAway, 0, e.StreamId, new byte[8]), ErrorCode.ProtocolError))
        .Must("no new stream behind GOAWAY", "A client that was told GOAWAY opens no more streams on the connection.", async s =>
        {
            await s.Requested(new Setting(SettingId.MaxConcurrentStreams, 1));
            await s.ExpectTolerated();
            var open = s.Streams.Count;
            s.GoAway(s.Streams[^1], ErrorCode.NoError);
            await s.ExpectTolerated();
            foreach (var id in s.Streams)
                s.Answer(id);
            await s.UntilEnd(static _ => { });
            if (s.Streams.Count > open)
                throw Speaker.Fail("no new stream", $"stream {s.Streams[^1]}");
        }, ClientTask.Several)
        .Must("GOAWAY with an error", "A client whose connection ends with an error has no response.", async s =>
        {
            await s.Requested();
            s.Head();
            s.GoAway(s.StreamId, ErrorCode.InternalError, "out of order");
            await s.ExpectNoResponse(hangUp: true);
        })
        .Must("the end within a response", "A response that the end of the connection cuts off is not complete.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Data(s.StreamId, "the first part");
            await s.ExpectNoResponse(hangUp: true);
        })
        .Must("the end within a frame", "A response that the end of the connection cuts off is not complete.", async s =>
        {
            await s.Requested();
            s.Head();
            s.Octets(Octet.Header(100, FrameType.Data, FrameFlags.EndStream, s.StreamId), "the header of DATA, and nothing more");
            await s.ExpectNoResponse(hangUp: true);
        });

    private static ClientCaseList Retries => new ClientCaseList("client-connection", "8.7", "RFC 9113 §8.7")
        .Must("GOAWAY that leaves the request out", Unprocessed, async s =>
        {
            await s.Requested();
            s.GoAway(0, ErrorCode.NoError);
            await AgainOrNoResponse(s);
        })
        .Must("REFUSED_STREAM", "A refused request was not processed: the client sends it again, or fails.", async s =>
        {
            await s.Requested();
            s.Reset(s.StreamId, ErrorCode.RefusedStream);
            await AgainOrNoResponse(s);
        })
        .Must("an upload that may have been processed", "A POST is not sent again when the server may have processed it.", async s =>
        {
            await s.Requested();
            s.Reset(s.StreamId, ErrorCode.InternalError);
            await s.UntilEnd(static _ => { });
            await s.DisposeAsync();
            await using var other = s.Another();
            if (s.Streams.Count > 1 || (s.Run.Ending is null && await IsAsked(other)))
                throw Speaker.Fail("no second attempt", "the same request again");
        }, ClientTask.Upload);

    /// <summary>The client asks again, on this connection or another, and takes the response then; or it fails.</summary>
    private static async Task AgainOrNoResponse(ServerEnd s)
    {
        await s.UntilEndOr(() => s.Streams.Count > 1);
        if (s.Streams.Count > 1)
        {
            s.Answer((await LastRequest(s)).Id);
            await s.ExpectServed();
            return;
        }
        await s.DisposeAsync();
        await using var other = s.Another();
        if (s.Run.Ending is null && await IsAsked(other))
        {
            other.Answer(other.StreamId);
            await other.ExpectServed();
            return;
        }
        await s.ExpectNoResponse(hangUp: true);
    }

    private static async Task<(uint Id, ReceivedStream Request)> LastRequest(ServerEnd s)
    {
        var index = s.Streams.Count - 1;
        return (s.Streams[index], await s.NextRequest(index));
    }

    private static async Task<bool> IsAsked(ServerEnd other)
    {
        var choice = other.Run.Client.Tls ? new TlsChoice(ServerCertificate.Instance) : null;
        if (!await other.TryAccept(choice, other.Timeout))
            return false;
        await other.Requested();
        return true;
    }
}
