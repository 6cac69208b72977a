namespace Http2.Conformance;

/// <summary>The windows that we give the server. A window that is used up is opened again as far as it was at first.</summary>
internal sealed class OwnWindows
{
    private readonly Dictionary<uint, int> _left = [];

    /// <summary>Notes octets of DATA that came.</summary>
    /// <param name="streamId">The stream, or 0 for the connection.</param>
    /// <param name="octets">How many came.</param>
    /// <returns>The increment to send with WINDOW_UPDATE, or 0 when the window is not used up.</returns>
    public uint Spend(uint streamId, int octets)
    {
        var left = _left.GetValueOrDefault(streamId, PeerWindows.Initial) - octets;
        _left[streamId] = left > 0 ? left : PeerWindows.Initial;
        return left > 0 ? 0 : (uint)(PeerWindows.Initial - left);
    }
}
