using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Pure;

/// <content>The beginning of a connection (RFC 9113 §3.4).</content>
public static partial class Connection
{
    private static Core Begin(Role role, ConnectionOptions options, long now, EffectBuffer effects)
    {
        // a client's first stream is 1; a server's first is 2
        var core = new Core
        {
            Options = options,
            Role = role,
            Ours = SettingsLedger.Initial,
            Peer = EndSettings.Initial,
            Closing = Closing.Not,
            Budgets = Budgets.Full(options, now),
            Closed = ClosedStreams.None,
            Decoder = DecoderState.Create(),
            Encoder = EncoderState.Create(options.EncoderTableSize),
            Streams = StreamSet.Empty,
            Pings = Sequence<ulong>.Empty,
            Phase = role == Role.Server ? Phase.AwaitingPreface : Phase.AwaitingSettings,
            SendWindow = new(WireConstants.InitialWindow),
            ReceiveWindow = new(Math.Max(options.InitialConnectionWindow, WireConstants.InitialWindow)),
            UnreadBound = options.MaxUnreadPerConnection,
            UpdateCredit = InitialUpdateCredit,
            OpenedAt = now,
            HeardAt = now,
        };
        if (role == Role.Client)
            effects.Output.Write(WireConstants.Preface);
        var settings = FirstSettings(role, options);
        core.Ours = core.Ours.Send(new(settings), now);
        SettingsFrame.Write(effects.Output, settings.AsSpan());
        // §6.9.2: SETTINGS do not touch the connection's window, so what it has beyond 65,535 is given by WINDOW_UPDATE
        if (core.ReceiveWindow.Octets > WireConstants.InitialWindow)
            WindowUpdateFrame.Write(effects.Output, StreamId.Connection, (uint)(core.ReceiveWindow.Octets - WireConstants.InitialWindow));
        return core;
    }

    private static ImmutableArray<Setting> FirstSettings(Role role, ConnectionOptions options)
    {
        var settings = ImmutableArray.CreateBuilder<Setting>(8);
        if (options.DecoderTableSize != EndSettings.Initial.HeaderTableSize)
            settings.Add(new(SettingId.HeaderTableSize, (uint)options.DecoderTableSize));
        // §6.5.2: a server never announces ENABLE_PUSH; a client needs to only when it takes no pushes
        if (role == Role.Client && !options.EnablePush)
            settings.Add(new(SettingId.EnablePush, 0));
        settings.Add(new(SettingId.MaxConcurrentStreams, options.MaxConcurrentStreams));
        settings.Add(new(SettingId.InitialWindowSize, options.InitialStreamWindow));
        if (options.MaxFrameSize != EndSettings.Initial.MaxFrameSize)
            settings.Add(new(SettingId.MaxFrameSize, (uint)options.MaxFrameSize));
        settings.Add(new(SettingId.MaxHeaderListSize, (uint)options.MaxHeaderListSize));
        if (role == Role.Server && options.EnableConnectProtocol)
            settings.Add(new(SettingId.EnableConnectProtocol, 1));
        // RFC 9218 §2.1: there is no priority tree here, and the peer may know it
        settings.Add(new(SettingId.NoRfc7540Priorities, 1));
        return settings.ToImmutable();
    }

    private static Fault? OnPreface(ref Core core, ReadOnlySpan<byte> octets, out int consumed)
    {
        consumed = 0;
        var length = Math.Min(octets.Length, WireConstants.Preface.Length);
        // judged as soon as one octet differs, so that a client of another protocol is not left waiting
        if (!octets[..length].SequenceEqual(WireConstants.Preface[..length]))
            return new Fault.OfConnection(ErrorCode.ProtocolError, Rules.Preface);
        if (length < WireConstants.Preface.Length)
            return null;
        core.Phase = Phase.AwaitingSettings;
        consumed = WireConstants.Preface.Length;
        return null;
    }
}
