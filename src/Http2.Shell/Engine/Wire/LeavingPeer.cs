namespace Http2.Shell;

/// <summary>
/// A peer that has said GOAWAY and has no stream left: the connection ends once nothing more comes, since a request that it sent along with
/// its GOAWAY is answered (RFC 9113 §6.8). Belongs to the connection's owner.
/// </summary>
internal struct LeavingPeer
{
    // What a peer sends along with its GOAWAY may come in several segments.
    private const int Pause = 100;

    public LeavingPeer() => Due = long.MaxValue;

    /// <summary>When to look next.</summary>
    public long Due { get; private set; }

    /// <summary>Whether the connection may end now.</summary>
    /// <param name="core">What knows that the peer leaves.</param>
    /// <param name="input">What has come.</param>
    /// <param name="sends">What knows what is still to be read.</param>
    public bool HasLeft(CoreSession core, InputBuffer input, SendWatch sends)
    {
        if (!core.IsLeft)
        {
            Due = long.MaxValue;
            return false;
        }
        if (Due == long.MaxValue)
            Due = core.Now + Pause;
        if (core.Now < Due)
            return false;
        if (input.Length == 0 && input.IsReceiving && !input.HasMore && sends.Report().Readable <= 0)
            return true;
        Due = core.Now + Pause;
        return false;
    }
}
