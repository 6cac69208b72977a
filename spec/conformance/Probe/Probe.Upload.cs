using Http2.Pure;

namespace Http2.Conformance;

/// <content>Sending bodies as windows allow.</content>
internal sealed partial class Probe
{
    /// <summary>What WINDOW_UPDATE gave to each stream less what was sent on it; the initial window comes on top.</summary>
    private readonly Dictionary<uint, long> _credit = [];

    /// <summary>What the connection's window to the server has left.</summary>
    public long ConnectionCredit { get; set; } = DefaultWindow;

    /// <summary>Sends a body on a stream within both windows, and ends the stream.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="length">The octets of content.</param>
    /// <param name="padding">Padding for each frame; with padding the frames carry at most 200 octets of content.</param>
    public async Task Upload(uint streamId, int length, byte padding)
    {
        var left = length;
        while (left > 0)
        {
            var room = Math.Min(ConnectionCredit, Credit(streamId));
            var overhead = padding == 0 ? 0 : padding + 1;
            if (room <= overhead)
            {
                await AwaitCredit(streamId).ConfigureAwait(false);
                continue;
            }
            var size = (int)Math.Min(Math.Min(left, room - overhead), padding == 0 ? 16384 : 200);
            if (padding == 0)
                Data(streamId, new byte[size], endStream: size == left);
            else
                PaddedData(streamId, new string('x', size), padding, endStream: size == left);
            _credit[streamId] = _credit.GetValueOrDefault(streamId) - size - overhead;
            ConnectionCredit -= size + overhead;
            left -= size;
            if (_outgoing.Length > 64 * 1024)
                await Flush().ConfigureAwait(false);
        }
        await Flush().ConfigureAwait(false);
    }

    private long Credit(uint streamId) => _credit.GetValueOrDefault(streamId) + (PeerSetting(SettingId.InitialWindowSize) ?? DefaultWindow);

    private async Task AwaitCredit(uint streamId)
    {
        var (outcome, frame) = await Next().ConfigureAwait(false);
        if (outcome != ReadOutcome.Frame)
            throw Fail("WINDOW_UPDATE for the body",
                $"{Describe(outcome)}; credit {ConnectionCredit} on the connection, {Credit(streamId)} on the stream");
        if (frame.Type is FrameType.GoAway or FrameType.RstStream && frame.ErrorCode != ErrorCode.NoError)
            throw Fail("WINDOW_UPDATE for the body", FrameLine.Of(frame));
    }
}
