using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// Extensible priorities: RFC 9218. Cases that need a server which knows them are skipped where it does not announce that.
/// </summary>
internal static class PriorityCases
{
    private static readonly string[] Values =
        ["u=0", "u=7, i", "i", "u=9", "u=-1", "u=abc", "i=?2", "i=7", "foo=bar, u=3",
            "u=", "u=3;a=b", "\"quoted", "u=1, u=2", ",,,", "(a b);c"];

    public static IEnumerable<ConformanceCase> Cases => [.. Field, .. Frame, .. Setting];

    private static CaseList Field => new CaseList("priority", "4", "RFC 9218 §4", Edition.Rfc9113)
        .MustForEach(Values, value => $"priority: {value}", _ =>
            "A priority field is used or ignored, in whole or in part; the request is answered.", (p, value) =>
            Exchange.Sound(p, [.. p.Fields(), ("priority", value)]))
        .Must("two priority fields",
            "Priority fields that repeat are no error.", p => Exchange.Sound(p, [.. p.Fields(), ("priority", "u=1"), ("priority", "i")]));

    private static CaseList Frame => new CaseList("priority", "7.1", "RFC 9218 §7.1", Edition.Rfc9113)
        .Must("PRIORITY_UPDATE for an open stream", "PRIORITY_UPDATE is taken or ignored.", async p =>
        {
            await p.Handshake();
            p.Headers(1, p.Post());
            p.PriorityUpdate(1, "u=1, i");
            p.Data(1, "test", endStream: true);
            await Exchange.Taken(p);
        })
        .Must("PRIORITY_UPDATE for an idle stream", "PRIORITY_UPDATE may come before its stream.", async p =>
        {
            await p.Handshake();
            p.PriorityUpdate(1, "u=1");
            p.Request(1);
            await Exchange.Taken(p);
        })
        .Must("PRIORITY_UPDATE for a closed stream", "PRIORITY_UPDATE for a closed stream is ignored.", async p =>
        {
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
            p.PriorityUpdate(1, "u=1");
            await p.ExpectTolerated();
            await p.ExpectRequestAnswered(3);
        })
        .Must("PRIORITY_UPDATE with a value that cannot be parsed",
            "A value that cannot be parsed is ignored, or the frame is a PROTOCOL_ERROR; the server goes on or says so.", async p =>
        {
            await p.Handshake();
            p.PriorityUpdate(1, "u=\u0001\"");
            p.Request(1);
            var response = await p.Response(1);
            if (!response.Ended && response.GoAway is not ErrorCode.ProtocolError)
                throw Probe.Fail("a response, or GOAWAY with PROTOCOL_ERROR", response.ToString());
        })
        .Must("PRIORITY_UPDATE on a stream",
            "PRIORITY_UPDATE belongs to stream 0; elsewhere it is a connection error PROTOCOL_ERROR.", async p =>
        {
            await Knowing(p);
            p.PriorityUpdate(1, "u=1", streamId: 1);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("PRIORITY_UPDATE for stream 0", "PRIORITY_UPDATE names a stream; 0 is a connection error PROTOCOL_ERROR.", async p =>
        {
            await Knowing(p);
            p.PriorityUpdate(0, "u=1");
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("PRIORITY_UPDATE of 3 octets",
            "PRIORITY_UPDATE without room for a stream identifier is a connection error FRAME_SIZE_ERROR.", async p =>
        {
            await Knowing(p);
            p.Frame(FrameType.PriorityUpdate, 0, 0, 0, 0, 1);
            await p.ExpectGoAway(ErrorCode.FrameSizeError);
        })
        .Must("PRIORITY_UPDATE for a push that never was",
            "PRIORITY_UPDATE for an idle push stream is a connection error PROTOCOL_ERROR.", async p =>
        {
            await Knowing(p);
            p.PriorityUpdate(2, "u=1");
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Must("no PRIORITY_UPDATE from the server", "A server never sends PRIORITY_UPDATE.", async p =>
        {
            await p.Handshake();
            p.Request(1);
            var fence = p.Fence();
            while (!p.On(1).Ended || fence != 0)
            {
                var (outcome, frame) = await p.Next();
                if (outcome != ReadOutcome.Frame || frame.Type == FrameType.PriorityUpdate)
                    throw Probe.Fail("a response and no PRIORITY_UPDATE",
                        outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : outcome.ToString());
                if (frame is { Type: FrameType.Ping, IsAck: true })
                    fence = 0;
            }
        });

    private static CaseList Setting => new CaseList("priority", "2.1", "RFC 9218 §2.1", Edition.Rfc9113)
        .Must("NO_RFC7540_PRIORITIES of 0 and 1", "Both values are taken in the first SETTINGS.", async p =>
        {
            await p.Handshake(new Setting(SettingId.NoRfc7540Priorities, 1));
            await p.ExpectRequestAnswered(1);
        })
        .Must("NO_RFC7540_PRIORITIES of 2", "A value above 1 is a connection error PROTOCOL_ERROR.", async p =>
        {
            await Knowing(p);
            p.Settings(SettingId.NoRfc7540Priorities, 2);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        })
        .Add("NO_RFC7540_PRIORITIES changed",
            "A value that changes after the first SETTINGS may be refused with PROTOCOL_ERROR.", async p =>
        {
            await Knowing(p);
            p.Settings(SettingId.NoRfc7540Priorities, 1);
            await p.ExpectGoAway(ErrorCode.ProtocolError);
        }, RequirementLevel.Should, strictOnly: true)
        .Must("PRIORITY although it is not used", "PRIORITY frames are taken after NO_RFC7540_PRIORITIES, too.", async p =>
        {
            await p.Handshake(new Setting(SettingId.NoRfc7540Priorities, 1));
            p.Priority(1, 0, 20);
            p.Priority(3, 1, 20, exclusive: true);
            await p.ExpectRequestAnswered(1);
        })
        .Should("announced in the first SETTINGS",
            "A server that knows RFC 9218 announces NO_RFC7540_PRIORITIES in its first SETTINGS, and does not change it.", async p =>
        {
            await Knowing(p);
            await p.ExpectTolerated();
            if (p.PeerSettings.Count(setting => setting.Id == SettingId.NoRfc7540Priorities) != 1)
                throw Probe.Fail("one announcement", "several");
        });

    /// <summary>A server that does not know RFC 9218 may ignore its frame and its setting.</summary>
    private static async Task Knowing(Probe p)
    {
        await p.Handshake();
        if (p.PeerSetting(SettingId.NoRfc7540Priorities) is not 1)
            throw Probe.Skip("the server does not announce NO_RFC7540_PRIORITIES of 1");
    }
}
