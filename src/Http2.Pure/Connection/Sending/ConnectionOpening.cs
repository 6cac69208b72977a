using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The first state of a connection, and what this end sends first (RFC 9113 §3.4).</summary>
internal static class ConnectionOpening
{
    public static Core Open(Role role, ConnectionOptions options, Turn turn)
    {
        var core = new Core
        {
            Options = options,
            Ours = SettingsLedger.Initial,
            Peer = SettingsInForce.Initial,
            Closing = Closing.Not,
            Decoder = DecoderState.Create(),
            Encoder = EncoderState.Create(options.EncoderTableSize),
            Allowances = Allowances.Of(options, turn.Now),
            Liveness = Liveness.Begin(turn.Now),
            Flow = Flow.Of(options),
            Streams = StreamBook.Empty(role),
            Phase = role == Role.Server ? Phase.AwaitingPreface : Phase.AwaitingSettings,
        };
        if (role == Role.Client)
            turn.Output.Write(WireConstants.Preface);
        var settings = FirstSettings(role, options);
        core.Ours = core.Ours.Send(new(settings), turn.Now);
        SettingsFrame.Write(turn.Output, settings.AsSpan());
        // §6.9.2: SETTINGS do not touch the window of the connection, so what it has beyond 65,535 is given by WINDOW_UPDATE
        var beyond = core.Flow.Receive.Octets - options.UpgradedContent - WireConstants.InitialWindow;
        if (beyond > 0)
            WindowUpdateFrame.Write(turn.Output, StreamId.Connection, (uint)beyond);
        return core;
    }

    private static ImmutableArray<Setting> FirstSettings(Role role, ConnectionOptions options)
    {
        var settings = ImmutableArray.CreateBuilder<Setting>(8);
        if (options.DecoderTableSize != WireConstants.InitialHeaderTableSize)
            settings.Add(new(SettingId.HeaderTableSize, (uint)options.DecoderTableSize));
        // §6.5.2: a server never announces ENABLE_PUSH; a client needs to only when it takes no pushes
        if (role == Role.Client && !options.EnablePush)
            settings.Add(new(SettingId.EnablePush, 0));
        settings.Add(new(SettingId.MaxConcurrentStreams, (uint)options.MaxConcurrentStreams));
        settings.Add(new(SettingId.InitialWindowSize, (uint)options.InitialStreamWindow));
        if (options.MaxFrameSize != WireConstants.SmallestMaxFrameSize)
            settings.Add(new(SettingId.MaxFrameSize, (uint)options.MaxFrameSize));
        settings.Add(new(SettingId.MaxHeaderListSize, (uint)options.MaxHeaderListSize));
        if (role == Role.Server && options.EnableConnectProtocol)
            settings.Add(new(SettingId.EnableConnectProtocol, 1));
        // RFC 9218 §2.1: there is no priority tree here, and the peer may know it
        settings.Add(new(SettingId.NoRfc7540Priorities, 1));
        return settings.ToImmutable();
    }
}
