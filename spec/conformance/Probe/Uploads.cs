using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Sends bodies as far as the peer's windows allow.</summary>
internal static class Uploads
{
    private const int MostGathered = 64 * 1024;

    /// <summary>Sends a body on a stream within both windows of the peer, and ends the stream.</summary>
    /// <param name="p">The end that sends.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="length">The octets of content.</param>
    /// <param name="padding">Padding for each frame; with padding the frames carry at most 200 octets of content.</param>
    public static async Task Upload(this Speaker p, uint streamId, int length, byte padding)
    {
        var left = length;
        while (left > 0)
        {
            var room = Math.Min(p.PeerWindows.Connection, Window(p, streamId));
            var overhead = padding == 0 ? 0 : padding + 1;
            if (room <= overhead)
            {
                await AwaitWindowUpdate(p, streamId).ConfigureAwait(false);
                continue;
            }
            var size = (int)Math.Min(Math.Min(left, room - overhead), padding == 0 ? 16384 : 200);
            if (padding == 0)
                p.Data(streamId, new byte[size], endStream: size == left);
            else
                p.PaddedData(streamId, new string('x', size), padding, endStream: size == left);
            p.PeerWindows.Spend(streamId, size + overhead);
            left -= size;
            if (p.Gathered > MostGathered)
                await p.Flush().ConfigureAwait(false);
        }
        await p.Flush().ConfigureAwait(false);
    }

    private static long Window(Speaker p, uint streamId) =>
        p.PeerWindows.Of(streamId, p.PeerSetting(SettingId.InitialWindowSize) ?? PeerWindows.Initial);

    private static async Task AwaitWindowUpdate(Speaker p, uint streamId)
    {
        var (outcome, frame) = await p.Next().ConfigureAwait(false);
        if (outcome != ReadOutcome.Frame)
            throw Probe.Fail("WINDOW_UPDATE for the body",
                $"{outcome.InWords()}; the windows have {p.PeerWindows.Connection} for the connection, {Window(p, streamId)} for the stream");
        if (frame.Type is FrameType.GoAway or FrameType.RstStream && frame.ErrorCode != ErrorCode.NoError)
            throw Probe.Fail("WINDOW_UPDATE for the body", FrameLine.Of(frame));
    }
}
