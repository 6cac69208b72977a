using Http2.Pure;

namespace Http2.Conformance;

/// <summary>How a probe begins a conversation.</summary>
internal static class Handshakes
{
    /// <summary>
    /// Connects and exchanges prefaces: our SETTINGS out and acknowledged, the server's in and acknowledged (RFC 9113 §3.4, §6.5.3).
    /// </summary>
    public static async Task Handshake(this Probe p, params Setting[] settings)
    {
        await p.Connect().ConfigureAwait(false);
        p.Magic();
        await p.HandshakeAfterMagic(settings).ConfigureAwait(false);
    }

    /// <summary>The rest of <see cref="Handshake"/>, for a case that sent the first octets itself.</summary>
    public static async Task HandshakeAfterMagic(this Probe p, params Setting[] settings)
    {
        p.Settings(settings.Length > 0 ? settings : [new(SettingId.InitialWindowSize, PeerWindows.Initial)]);
        var acknowledged = false;
        var announced = false;
        while (!(acknowledged && announced))
        {
            var (outcome, frame) = await p.Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail("SETTINGS, and SETTINGS acknowledging ours", outcome.InWords());
            if (frame.Type != FrameType.Settings)
                continue;
            if (frame.IsAck)
            {
                acknowledged = true;
                continue;
            }
            announced = true;
            p.SettingsAck();
        }
        await p.Flush().ConfigureAwait(false);
    }

    /// <summary>Whether a connection can be made and a request is answered on it.</summary>
    public static async Task<bool> IsServed(this Probe p)
    {
        try
        {
            await p.Handshake().ConfigureAwait(false);
            p.Request(1);
            return (await p.Response(1).ConfigureAwait(false)).Status is not null;
        }
        catch (CaseFailedException)
        {
            return false;
        }
    }
}
