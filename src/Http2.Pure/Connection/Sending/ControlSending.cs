namespace Http2.Pure;

/// <summary>Commands that steer streams and the connection: RST_STREAM, SETTINGS, PING. A refused command has changed and written nothing.</summary>
internal static class ControlSending
{
    /// <summary>Ends a stream.</summary>
    public static Refusal Reset(ref Core core, StreamId id, ErrorCode code, Effects effects)
    {
        if (core.Streams.RecordOf(id) is not { } stream)
            return Refusal.StreamClosed;
        core.Liveness.NoteCommand();
        RstStreamFrame.Write(effects.Output, id, code);
        StreamClosing.Close(ref core, stream, StreamState.ResetByUs, code, effects);
        return Refusal.None;
    }

    /// <summary>The application has done with a stream that lingers.</summary>
    public static void Retire(ref Core core, StreamId id)
    {
        if (core.Streams.Retire(id))
            core.Liveness.NoteCommand();
    }

    /// <summary>Changes the settings of this end.</summary>
    public static Refusal ChangeSettings(ref Core core, ReadOnlySpan<Setting> settings, Turn turn)
    {
        if (core.Phase == Phase.Finished)
            return Refusal.GoingAway;
        var latest = core.Ours.Latest;
        foreach (var setting in settings)
        {
            if (IsFixed(setting, latest) || SettingRules.Judge(setting, core.Role) is not null
                || (setting.Id == SettingId.HeaderTableSize && setting.Value > int.MaxValue))
                return Refusal.InvalidArgument;
        }
        core.Liveness.NoteCommand();
        core.Ours = core.Ours.Send(new([.. settings]), turn.Now);
        SettingsFrame.Write(turn.Output, settings);
        if (core.Ours.Latest.InitialWindow < latest.InitialWindow)
            Crediting.AnnounceOwed(ref core, turn.Effects);
        return Refusal.None;
    }

    /// <summary>Tells the priority of a response.</summary>
    public static Refusal Prioritize(ref Core core, StreamId id, ReadOnlySpan<byte> fieldValue, Effects effects)
    {
        // RFC 9218 §7.1: only clients send it
        if (core.Role != Role.Client)
            return Refusal.WrongRole;
        if (core.Streams.Find(id) is null)
            return Refusal.StreamClosed;
        // RFC 9218 §7.1: the value is ASCII text, and the frame is no larger than any other
        if (fieldValue.ContainsAnyExceptInRange((byte)' ', (byte)'~') || fieldValue.Length > PriorityUpdateFrame.MostFieldValue)
            return Refusal.InvalidArgument;
        core.Liveness.NoteCommand();
        PriorityUpdateFrame.Write(effects.Output, id, fieldValue);
        return Refusal.None;
    }

    /// <summary>Sends a PING.</summary>
    public static void Ping(ref Core core, ulong opaque, Effects effects)
    {
        if (core.Phase == Phase.Finished)
            return;
        core.Liveness.AddPing(opaque);
        PingFrame.Write(effects.Output, opaque);
    }

    // RFC 9218 §2.1, RFC 8441 §3: these two are announced in the first SETTINGS and stay as they are
    private static bool IsFixed(Setting setting, SettingsInForce latest) => setting.Id switch
    {
        SettingId.NoRfc7540Priorities => setting.Value != 1,
        SettingId.EnableConnectProtocol => (setting.Value == 1) != latest.EnableConnectProtocol,
        _ => false,
    };
}
