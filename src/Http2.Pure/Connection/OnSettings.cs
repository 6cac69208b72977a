using System.Collections.Immutable;

namespace Http2.Pure;

/// <content>SETTINGS: the peer's are applied in order and acknowledged; ours take effect when they are (RFC 9113 §6.5).</content>
public static partial class Connection
{
    private static Fault? OnSettings(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, long now, EffectBuffer effects)
    {
        if (SettingsFrame.Parse(header, payload, core.Options.MaxSettingsEntries, out var settings) is { } fault)
            return fault;
        if (header.Has(FrameFlags.Ack))
            return OnSettingsAck(ref core, effects);
        var first = core.Phase == Phase.AwaitingSettings;
        if (!first && SpendControl(ref core, now, Rules.SettingsFlood) is { } flood)
            return flood;
        var peer = core.Role == Role.Server ? Role.Client : Role.Server;
        var entries = ImmutableArray.CreateBuilder<Setting>(settings.Count);
        for (var i = 0; i < settings.Count; i++)
        {
            // §6.5.3: in the order of the frame, so that a later entry overrides an earlier one
            if ((SettingRules.Judge(settings[i], peer) ?? ApplySetting(ref core, settings[i], first)) is { } wrong)
                return wrong;
            entries.Add(settings[i]);
        }
        core.Phase = Phase.Running;
        // §6.5.3: acknowledged at once, but only after everything was applied
        SettingsFrame.WriteAck(effects.Output);
        effects.Events.Add(new ConnectionEvent.SettingsReceived(entries.ToImmutable()));
        return null;
    }

    private static Fault? ApplySetting(ref Core core, Setting setting, bool first)
    {
        switch (setting.Id)
        {
            case SettingId.InitialWindowSize when JudgeInitialWindow(ref core, setting.Value) is { } overflow:
                return overflow;
            case SettingId.EnableConnectProtocol when core.Peer.EnableConnectProtocol && setting.Value == 0:
                return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.ConnectProtocolOff);
            case SettingId.NoRfc7540Priorities when !first && core.Peer.NoRfc7540Priorities != (setting.Value == 1):
                return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.PrioritiesChanged);
            case SettingId.HeaderTableSize:
                core.Encoder = core.Encoder.WithPeerLimit(setting.Value);
                break;
            default:
                break;
        }
        core.Peer = core.Peer.With(setting);
        return null;
    }

    private static Fault.OfConnection? OnSettingsAck(ref Core core, EffectBuffer effects)
    {
        // acknowledging what was not sent shows a peer that has lost count
        if (core.Ours.InFlight.Count == 0)
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.SettingsAck);
        var table = core.Ours.Acknowledged.HeaderTableSize;
        core.Ours = core.Ours.Acknowledge();
        // §4.3.1: from here on the peer's encoder knows the new bound
        if (core.Ours.Acknowledged.HeaderTableSize != table)
            core.Decoder = core.Decoder.WithMaxTableSize((int)core.Ours.Acknowledged.HeaderTableSize);
        effects.Events.Add(new ConnectionEvent.SettingsAcknowledged());
        return null;
    }
}
