using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Ending a connection in order: RFC 9113 §6.8, and what the server does when it is stopped.</summary>
internal static class ShutdownCases
{
    public static IEnumerable<ConformanceCase> Cases => [.. FromClient, .. FromServer];

    private static CaseList FromClient => new CaseList("shutdown", "6.8", "RFC 9113 §6.8")
        .Must("GOAWAY with requests open", "Requests that are open when the client says GOAWAY are answered.", async p =>
        {
            await p.NeedBody();
            await p.Handshake(new Setting(SettingId.InitialWindowSize, 0));
            p.Request(1);
            p.Request(3);
            p.GoAway(0, ErrorCode.NoError);
            p.WindowUpdate(1, 100_000);
            p.WindowUpdate(3, 100_000);
            await p.ExpectAnswered(1);
            await p.ExpectAnswered(3);
        })
        .Must("GOAWAY twice", "GOAWAY may be repeated.", async p =>
        {
            await p.Handshake();
            p.GoAway(0, ErrorCode.NoError);
            p.GoAway(0, ErrorCode.NoError);
            p.Ping(7);
            await p.ExpectPongOrClose(7);
        })
        .Must("GOAWAY with debug data", "Debug data of any length are taken.", async p =>
        {
            await p.Handshake();
            p.GoAway(0, ErrorCode.NoError, new string('x', 16000));
            p.Ping(7);
            await p.ExpectPongOrClose(7);
        })
        .Must("end of input with requests open",
            "A client that closes its side is answered, or the connection is closed: nothing hangs.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            await p.Flush();
            await p.Connection.ShutdownSendAsync();
            var response = await p.Response(1);
            if (!response.Ended && !response.Closed)
                throw Probe.Fail("a response or the close", response.ToString());
        })
        .Must("end of input when idle", "A client that closes an idle connection is closed in turn.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            await p.Connection.ShutdownSendAsync();
            await p.ExpectClose();
        })
        .Must("connection reset by the client", "A TCP reset harms no other connection.", async p =>
        {
            await using (var other = p.Another())
            {
                await other.Handshake();
                other.Request(1);
                await other.Flush();
                other.Connection.Abort();
            }
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
        });

    private static CaseList FromServer => new CaseList("shutdown", "6.8.1", "RFC 9113 §6.8")
        .Should("a server that stops says GOAWAY",
            "A server that is stopped tells its clients with GOAWAY NO_ERROR before it closes.", async p =>
        {
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake();
            await client.ExpectRequestAnswered(1);
            var stopping = server.StopAsync();
            await client.First(FrameType.GoAway, "GOAWAY with NO_ERROR", frame => frame.ErrorCode == ErrorCode.NoError);
            while (!client.Ended)
                await client.Next();
            await stopping;
        })
        .Should("two GOAWAYs",
            "The first GOAWAY names stream 2^31-1, the second the last stream taken, so that no request on its way is lost.", async p =>
        {
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake();
            await client.ExpectRequestAnswered(1);
            var stopping = server.StopAsync();
            await client.First(FrameType.GoAway, "GOAWAY of stream 2^31-1", frame => frame.NamedStream == int.MaxValue);
            client.Request(3);
            await client.Flush();
            await AnswerPings(client, until: frame => frame.Type == FrameType.GoAway && frame.NamedStream is 1 or 3);
            await stopping;
        })
        .Should("requests open are finished", "A request that is open when the server is stopped is answered.", async p =>
        {
            await p.NeedBody();
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake(new Setting(SettingId.InitialWindowSize, 0));
            client.Request(1);
            await client.ExpectTolerated();
            var stopping = server.StopAsync();
            await client.ExpectFrame(FrameType.GoAway);
            client.WindowUpdate(1, 100_000);
            await AnswerPings(client, until: frame => frame.StreamId == 1 && frame.EndsStream);
            await stopping;
        })
        .Must("GOAWAY's last stream never grows", "A later GOAWAY does not name a higher stream.", async p =>
        {
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake();
            await client.ExpectRequestAnswered(1);
            var stopping = server.StopAsync();
            var last = uint.MaxValue;
            while (true)
            {
                var (outcome, frame) = await client.Next();
                if (outcome != ReadOutcome.Frame)
                    break;
                if (frame is { Type: FrameType.Ping, IsAck: false })
                    client.Frame(FrameType.Ping, FrameFlags.Ack, 0, frame.Payload.Span);
                if (frame.Type != FrameType.GoAway)
                    continue;
                if (frame.NamedStream > last)
                    throw Probe.Fail($"a last stream of at most {last}", $"{frame.NamedStream}");
                last = frame.NamedStream;
            }
            await stopping;
        })
        .Must("no new connections while it stops",
            "A server that is being stopped takes no new connections, or ends them at once.", async p =>
        {
            await using var server = await p.Spawn();
            await using var client = p.Of(server.Target);
            await client.Handshake();
            await client.ExpectRequestAnswered(1);
            await server.StopAsync();
            await using var late = p.Of(server.Target);
            if (await late.IsServed())
                throw Probe.Fail("no response from a server that has stopped", "a response");
        });

    /// <summary>Reads until a frame that the case waits for, and answers PINGs meanwhile as a live client does.</summary>
    private static async Task AnswerPings(Probe p, Func<WireFrame, bool> until)
    {
        while (true)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail("the end of the request, or the second GOAWAY", outcome.ToString());
            if (frame is { Type: FrameType.Ping, IsAck: false })
                p.Frame(FrameType.Ping, FrameFlags.Ack, 0, frame.Payload.Span);
            if (until(frame))
                return;
        }
    }
}
