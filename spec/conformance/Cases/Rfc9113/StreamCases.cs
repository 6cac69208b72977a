using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Stream states, identifiers, concurrency and error handling: RFC 9113 §5.</summary>
internal static class StreamCases
{
    public static IEnumerable<ConformanceCase> Cases => [.. States, .. Identifiers, .. Concurrency, .. Errors];

    private static CaseList States => new CaseList("streams", "5.1", "RFC 9113 §5.1")
        .Must("WINDOW_UPDATE on a closed stream",
            "WINDOW_UPDATE may still arrive on a closed stream and is ignored.", p => AfterClose(p, probe => probe.WindowUpdate(1, 1)))
        .Must("RST_STREAM on a closed stream",
            "RST_STREAM may still arrive on a closed stream and is ignored.", p => AfterClose(p, probe => probe.Reset(1)))
        .Must("RST_STREAM twice", "A second RST_STREAM is ignored.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Reset(1);
            p.Reset(1);
            await p.ExpectTolerated();
            await p.ExpectRequestAnswered(3);
        })
        .Must("frames in flight behind the server's RST_STREAM", "What was under way when the server reset a stream is ignored.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of([.. p.Fields(method: "POST"), ("connection", "close")]));
            await p.ExpectMalformed();
            if (p.IsGoingAway)
                throw Probe.Skip("the server ended the connection for the malformed request, as it may");
            p.Data(1, "late");
            p.WindowUpdate(1, 1);
            p.Headers(1, FieldBlock.Of([("x-late", "1")]), endStream: true);
            p.Reset(1);
            await p.ExpectTolerated();
            await p.ExpectRequestAnswered(3);
        })
        .Must("idle: RST_STREAM above the last stream", "RST_STREAM on an idle stream is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.Reset(5);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("idle: WINDOW_UPDATE above the last stream",
            "WINDOW_UPDATE on an idle stream is a connection error PROTOCOL_ERROR.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.WindowUpdate(5, 1);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("idle: WINDOW_UPDATE on an even stream", "A stream that the server never promised is idle.", p =>
            Exchange.ConnectionError(p, probe => probe.WindowUpdate(2, 1), ErrorCode.ProtocolError))
        .Must("idle: RST_STREAM on an even stream", "A stream that the server never promised is idle.", p =>
            Exchange.ConnectionError(p, probe => probe.Reset(2), ErrorCode.ProtocolError))
        .Must("idle: DATA on an even stream", "A stream that the server never promised is idle.", p =>
            Exchange.ConnectionError(p, probe => probe.Data(2, "test"), ErrorCode.ProtocolError, ErrorCode.StreamClosed))
        .Must("half-closed (remote): trailers", "Trailers after END_STREAM are a STREAM_CLOSED error.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0);
            p.Request(1);
            p.Headers(1, FieldBlock.Of([("x-late", "1")]), endStream: true);
            await p.ExpectStreamFault(1, ErrorCode.StreamClosed);
        })
        .Must("half-closed (remote): WINDOW_UPDATE and PRIORITY", "Both are taken until the stream is closed.", async p =>
        {
            await p.Handshake();
            p.Settings(SettingId.InitialWindowSize, 0);
            p.Request(1);
            p.Priority(1, 0, 3);
            p.WindowUpdate(1, 100_000);
            await p.ExpectAnswered(1);
        })
        .Must("nothing behind END_STREAM",
            "Behind END_STREAM the server sends nothing on the stream but RST_STREAM, WINDOW_UPDATE or PRIORITY.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            await Silent(p);
        })
        .Must("nothing behind the client's RST_STREAM",
            "A stream that the client reset is left alone once the server has seen that.", async p =>
        {
            var path = p.Target.Resources.Large ?? p.Target.Path;
            await p.Handshake();
            p.Headers(1, FieldBlock.Of(p.Fields(path: path)), endStream: true);
            p.Reset(1);

            // Frames that the server had sent before it read the reset come before its answer to the PING that followed the reset.
            await p.ExpectTolerated();
            p.WindowUpdate(0, 1_000_000);
            await Silent(p);
        });

    private static CaseList Identifiers => new CaseList("streams", "5.1.1", "RFC 9113 §5.1.1")
        .Must("gaps between identifiers", "Identifiers may be left out.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(7);
            await p.ExpectRequestAnswered(1001);
        })
        .Must("identifier that was passed over", "Using a stream closes all lower idle ones: they cannot be opened any more.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(5);
            p.Request(3);
            await p.ExpectGoAway(ErrorCode.ProtocolError, ErrorCode.StreamClosed);
        })
        .Must("identifier used again", "An identifier is used once.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            await p.ExpectRequestAnswered(3);
            p.Request(1);
            await p.ExpectGoAway(ErrorCode.StreamClosed, ErrorCode.ProtocolError);
        })
        .Must("largest identifier", "Stream 2^31-1 is as good as any, or the connection is ended in order.", async p =>
        {
            await p.Handshake();
            p.Request(int.MaxValue);
            var response = await p.Response(int.MaxValue);
            if (!response.Ended && response.GoAway is not ErrorCode.NoError && response.Reset is not ErrorCode.RefusedStream)
                throw Probe.Fail("a response, or GOAWAY with NO_ERROR", response.ToString());
        })
        .Must("even identifier after odd ones", "A client opens only odd streams.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.Request(4);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        });

    private static CaseList Concurrency => new CaseList("streams", "5.1.2", "RFC 9113 §5.1.2")
        .Should("at least 100 streams", "SETTINGS_MAX_CONCURRENT_STREAMS is 100 or more.", async p =>
        {
            await p.Handshake();
            if (p.PeerSetting(SettingId.MaxConcurrentStreams) is { } limit and < 100)
                throw Probe.Fail("a limit of 100 or more", $"{limit}");
        })
        .Must("streams beyond the limit are refused, the others answered",
            "One stream too many is refused with REFUSED_STREAM; those within the limit are answered.", async p =>
        {
            await p.Handshake();
            var limit = Limit(p);
            await Fill(p, limit);
            p.Request((limit * 2) + 1);
            await p.ExpectStreamFault((limit * 2) + 1, ErrorCode.RefusedStream, ErrorCode.ProtocolError);
            if (p.IsGoingAway)
                return;
            p.Settings(SettingId.InitialWindowSize, 65535);
            await MessageCases.Ended(p, (int)limit);
        })
        .Must("closed streams make room", "Streams that have closed do not count: three times the limit, one after the other.", async p =>
        {
            await p.Handshake();
            var count = Math.Min(Limit(p) * 3, 1000);
            for (var i = 0u; i < count; i++)
                await p.ExpectRequestAnswered((i * 2) + 1);
        })
        .Must("refused block still counts for compression",
            "The field block of a refused stream is decoded: the dynamic table goes on.", async p =>
        {
            await p.Handshake();
            var limit = Limit(p);
            await Fill(p, limit);
            var refused = (limit * 2) + 1;
            p.Headers(refused, [.. p.Get(), .. new FieldBlock().Literal(LiteralKind.Indexed, "x-refused", "1").ToArray()], endStream: true);
            await p.ExpectStreamFault(refused, ErrorCode.RefusedStream, ErrorCode.ProtocolError);
            if (p.IsGoingAway)
                return;
            p.Settings(SettingId.InitialWindowSize, 65535);
            await MessageCases.Ended(p, (int)limit);
            p.Headers(refused + 2, new FieldBlock().Indexed(2).Indexed(p.Target.Tls ? 7 : 6).Indexed(4).Indexed(63).Indexed(62).ToArray(),
                endStream: true);
            await p.ExpectAnswered(refused + 2);
        });

    private static CaseList Errors => new CaseList("streams", "5.4", "RFC 9113 §5.4")
        .Must("no RST_STREAM for RST_STREAM", "RST_STREAM is never answered with RST_STREAM.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.Reset(1);
            var fence = p.Fence();
            while (true)
            {
                var (outcome, frame) = await p.Next();
                if (outcome != ReadOutcome.Frame || frame is { Type: FrameType.RstStream, StreamId: 1 })
                    throw Probe.Fail("no RST_STREAM", outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : outcome.ToString());
                if (frame is { Type: FrameType.Ping, IsAck: true } && frame.Payload.Span.SequenceEqual(Octet.UInt64(fence)))
                    return;
            }
        })
        .Should("a stream error is the stream's alone", "After a stream error the connection serves other streams.", async p =>
        {
            await p.Handshake();
            p.Headers(1, FieldBlock.Of([.. p.Fields(), ("connection", "close")]), endStream: true);
            p.Request(3);
            var response = await p.Response(3);
            if (response.Status is null || !response.Ended)
                throw Probe.Fail("a response on stream 3", response.ToString());
        })
        .Should("GOAWAY names the last stream", "GOAWAY for a connection error names the last stream that was taken.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            await p.ExpectRequestAnswered(3);
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            await p.First(FrameType.GoAway, "GOAWAY with last stream 3", frame => frame.NamedStream == 3);
        })
        .Must("nothing is read after a connection error",
            "Frames behind a connection error have no effect: no response to a request.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            p.Request(1);
            p.Ping(1);
            while (true)
            {
                var (outcome, frame) = await p.Next();
                if (outcome is ReadOutcome.Closed or ReadOutcome.Broken)
                    return;
                if (outcome == ReadOutcome.TimedOut || frame.Type is FrameType.Headers or FrameType.Ping)
                    throw Probe.Fail("GOAWAY and the close, nothing else", outcome == ReadOutcome.TimedOut
                        ? "the connection stays open" : FrameLine.Of(frame));
            }
        })
        .Should("one GOAWAY for one error", "A connection error is told once.", async p =>
        {
            await p.Handshake();
            p.Frame(FrameType.Ping, 0, 1, new byte[8]);
            p.Frame(FrameType.Settings, 0, 1);
            var count = 0;
            while (true)
            {
                var (outcome, frame) = await p.Next();
                if (outcome != ReadOutcome.Frame)
                    break;
                if (frame.Type == FrameType.GoAway && ++count > 1)
                    throw Probe.Fail("one GOAWAY", "two");
            }
        });

    /// <summary>A request on stream 3 is answered, and until then no frame of a message comes on stream 1.</summary>
    private static async Task Silent(Probe p)
    {
        p.Request(3);
        while (!p.On(3).Ended)
        {
            var (outcome, frame) = await p.Next();
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail("a response on stream 3", outcome.ToString());
            if (frame is { StreamId: 1, Type: FrameType.Data or FrameType.Headers or FrameType.Continuation or FrameType.PushPromise })
                throw Probe.Fail("nothing more on stream 1", FrameLine.Of(frame));
        }
    }

    private static uint Limit(Probe p) => p.PeerSetting(SettingId.MaxConcurrentStreams) switch
    {
        null => throw Probe.Skip("the server sets no SETTINGS_MAX_CONCURRENT_STREAMS"),
        > 5000 and var many => throw Probe.Skip($"the server allows {many} streams"),
        { } limit => limit,
    };

    /// <summary>Opens as many streams as are allowed and keeps them open by giving no window.</summary>
    private static async Task Fill(Probe p, uint limit)
    {
        await p.NeedBody();
        p.Settings(SettingId.InitialWindowSize, 0);
        await p.ExpectTolerated();
        for (var i = 0u; i < limit; i++)
            p.Request((i * 2) + 1);
        await p.Flush();
    }

    private static async Task AfterClose(Probe p, Action<Probe> send)
    {
        await p.Handshake();
        await p.ExpectRequestAnswered(1);
        send(p);
        await p.ExpectTolerated();
        await p.ExpectRequestAnswered(3);
    }
}
