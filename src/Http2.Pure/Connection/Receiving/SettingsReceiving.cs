using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>
/// SETTINGS: those of the peer are applied in order and acknowledged; those of this end take effect when the peer acknowledges them
/// (RFC 9113 §6.5).
/// </summary>
internal static class SettingsReceiving
{
    public static Fault? OnSettings(ref Core core, in FrameHeader header, ReadOnlyMemory<byte> payload, Turn turn)
    {
        if (SettingsFrame.Parse(header, payload, core.Options.MaxSettingsEntries, out var settings) is { } fault)
            return fault;
        if (header.Has(FrameFlags.Ack))
            return OnSettingsAck(ref core, turn);
        var isFirst = core.Phase == Phase.AwaitingSettings;
        if (!isFirst && core.Allowances.ChargeControl(turn.Now, Rules.SettingsFlood) is { } flood)
            return flood;
        var peer = core.Role == Role.Server ? Role.Client : Role.Server;
        var entries = ImmutableArray.CreateBuilder<Setting>(settings.Count);
        for (var i = 0; i < settings.Count; i++)
        {
            // §6.5.3: in the order of the frame, so that a later entry overrides an earlier one
            if ((SettingRules.Judge(settings[i], peer) ?? Apply(ref core, settings[i], isFirst)) is { } wrong)
                return wrong;
            entries.Add(settings[i]);
        }
        core.Phase = Phase.Running;
        // §6.5.3: acknowledged at once, but only after everything was applied
        SettingsFrame.WriteAck(turn.Output);
        turn.Tell(new ConnectionEvent.SettingsReceived(entries.ToImmutable()));
        return null;
    }

    private static Fault.OfConnection? Apply(ref Core core, Setting setting, bool isFirst)
    {
        switch (setting.Id)
        {
            case SettingId.InitialWindowSize when core.Streams.Overflows(setting.Value):
                return new(ErrorCode.FlowControlError, Rules.InitialWindowOverflow);
            case SettingId.EnableConnectProtocol when core.Peer.EnableConnectProtocol && setting.Value == 0:
                return new(ErrorCode.ProtocolError, Rules.ConnectProtocolOff);
            case SettingId.NoRfc7540Priorities when !isFirst && core.Peer.NoRfc7540Priorities != (setting.Value == 1):
                return new(ErrorCode.ProtocolError, Rules.PrioritiesChanged);
            case SettingId.HeaderTableSize:
                core.Encoder = core.Encoder.WithPeerLimit(setting.Value);
                break;
            default:
                break;
        }
        core.Peer = core.Peer.With(setting);
        return null;
    }

    private static Fault.OfConnection? OnSettingsAck(ref Core core, Turn turn)
    {
        // A peer that acknowledges what was not sent has lost count.
        if (core.Ours.InFlight.Count == 0)
            return new(ErrorCode.ProtocolError, Rules.SettingsAck);
        var table = core.Ours.Acknowledged.HeaderTableSize;
        core.Ours = core.Ours.Acknowledge();
        // §4.3.1: from here on the encoder of the peer knows the new bound
        if (core.Ours.Acknowledged.HeaderTableSize != table)
            core.Decoder = core.Decoder.WithMaxTableSize((int)core.Ours.Acknowledged.HeaderTableSize);
        turn.Tell(new ConnectionEvent.SettingsAcknowledged());
        return null;
    }
}
