using Hpack.Pure;

namespace Http2.Pure;

/// <content>Streams that this end opens: requests of a client, pushes of a server; and ending them early.</content>
public static partial class Connection
{
    private static Misuse Request(
        ref Core core, ReadOnlySpan<HeaderField> fields, bool endStream, EffectBuffer effects, out StreamId id)
    {
        id = StreamId.Connection;
        if (core.Role != Role.Client)
            return Misuse.WrongRole;
        var next = new StreamId(core.HighestOwn.IsConnection ? 1 : core.HighestOwn.Value + 2);
        // §6.8: no new streams once either end is going away. §5.1.1: nor when identifiers are used up
        if (IsGoing(core) || next.Value > WireConstants.MaxStreamId)
            return Misuse.GoingAway;
        // §5.1.2: the peer's limit
        if (core.OwnStreams >= core.Peer.MaxConcurrentStreams)
            return Misuse.TooManyStreams;
        if (OutboundRules.JudgeRequest(fields, endStream, core.Peer.EnableConnectProtocol, out var request) is not null)
            return Misuse.InvalidField;
        (core.HighestOwn, id) = (next, next);
        core.OwnStreams++;
        WriteFields(ref core, next, fields, endStream, effects);
        var flags = StreamFlags.Known
            | (request.IsHead ? StreamFlags.Head : StreamFlags.None) | (request.IsConnect ? StreamFlags.Connect : StreamFlags.None);
        var stream = new StreamRecord(next, StreamState.Open, flags) { SendLeft = request.IsConnect ? -1 : request.ContentLength };
        if (endStream)
            EndSending(ref core, null, stream, effects);
        else
            Put(ref core, null, stream);
        return Misuse.None;
    }

    private static Misuse JudgePush(in Core core, StreamId parent)
    {
        // §8.4: only servers push, and only when the client wants it
        if (core.Role != Role.Server || !core.Peer.EnablePush)
            return Misuse.PushDisabled;
        // §5.1.1: the last identifier of a server is 2^31-2
        if (IsGoing(core) || core.HighestOwn.Value >= WireConstants.MaxStreamId - 1)
            return Misuse.GoingAway;
        var state = StateOf(core, parent, out _);
        // §8.4: on a stream of the client's on which the server may still send
        if (!parent.IsClientInitiated || Lifecycle.Move(state, StreamInput.SendPromise).Verdict != StreamVerdict.Accept)
            return state is StreamState.HalfClosedLocal ? Misuse.StreamEnded : Misuse.StreamClosed;
        if (core.Streams.Find(parent) is { } stream && stream.Has(StreamFlags.EndQueued))
            return Misuse.StreamEnded;
        return core.OwnStreams >= core.Peer.MaxConcurrentStreams || core.HighestOwn.Value / 2 >= core.Options.MaxPushes
            ? Misuse.PushLimitReached
            : Misuse.None;
    }

    private static Misuse Push(
        ref Core core, StreamId parent, ReadOnlySpan<HeaderField> fields, EffectBuffer effects, out StreamId promised)
    {
        promised = StreamId.Connection;
        if (JudgePush(core, parent) is var wrong && wrong != Misuse.None)
            return wrong;
        if (OutboundRules.JudgePromise(fields, out var request) is not null)
            return Misuse.InvalidField;
        promised = new StreamId(core.HighestOwn.Value + 2);
        core.HighestOwn = promised;
        core.OwnStreams++;
        var start = PushPromiseFrame.Begin(effects.Output, promised);
        core.Encoder = EncodeFields(core.Encoder, fields, effects);
        PushPromiseFrame.End(effects.Output, start, parent, core.Peer.MaxFrameSize);
        var flags = StreamFlags.Known | (request.IsHead ? StreamFlags.Head : StreamFlags.None);
        Put(ref core, null, new StreamRecord(promised, StreamState.ReservedLocal, flags));
        return Misuse.None;
    }

    private static Misuse Reset(ref Core core, StreamId id, ErrorCode code, EffectBuffer effects)
    {
        if (id.IsConnection || LiveRecord(ref core, id) is not { } stream)
            return Misuse.StreamClosed;
        core.Stirred = true;
        RstStreamFrame.Write(effects.Output, id, code);
        Close(ref core, stream, StreamState.ResetByUs, code, effects);
        return Misuse.None;
    }

    private static void Forget(ref Core core, StreamId id)
    {
        if (core.Streams.Find(id) is not { } stream || !stream.Has(StreamFlags.Lingering))
            return;
        core.Streams = core.Streams.Without(id);
        core.Lingering--;
        core.Stirred = true;
    }

    private static Misuse ChangeSettings(ref Core core, ReadOnlySpan<Setting> settings, long now, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished)
            return Misuse.GoingAway;
        var latest = core.Ours.Latest;
        foreach (var setting in settings)
        {
            // RFC 9218 §2.1, RFC 8441 §3: these two are announced in the first SETTINGS and stay
            var isFixed = (setting.Id == SettingId.NoRfc7540Priorities && setting.Value != 1)
                || (setting.Id == SettingId.EnableConnectProtocol && (setting.Value == 1) != latest.EnableConnectProtocol);
            if (isFixed || SettingRules.Judge(setting, core.Role) is not null
                || (setting.Id == SettingId.HeaderTableSize && setting.Value > int.MaxValue))
                return Misuse.InvalidArgument;
        }
        core.Stirred = true;
        core.Ours = core.Ours.Send(new([.. settings]), now);
        SettingsFrame.Write(effects.Output, settings);
        if (core.Ours.Latest.InitialWindow < latest.InitialWindow)
            AnnounceOwed(ref core, effects);
        return Misuse.None;
    }

    private static void Ping(ref Core core, ulong opaque, EffectBuffer effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        core.Pings = core.Pings.Add(opaque);
        PingFrame.Write(effects.Output, opaque);
    }

    private static bool IsGoing(in Core core) =>
        core.Phase == Phase.Finished || core.Closing.IsLocal || core.Closing.ReceivedLast is not null;
}
