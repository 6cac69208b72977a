namespace Http2.Shell;

/// <summary>
/// Has what the peer sent read before the peer is judged for not having sent it: a process that was stopped or starved for a while finds all
/// its deadlines over, and the octets that meet them in the kernel. Belongs to the connection's owner.
/// </summary>
internal struct InputFirst
{
    /// <summary>How long to leave the octets to whoever reads them, in milliseconds, before the next look.</summary>
    public const int Pause = 100;

    /// <summary>How long to wait for the next look while nothing is read, in milliseconds.</summary>
    public const int PauseUnread = 1_000;

    // How many octets must have been received before a deadline may act, or -1.
    private long _upTo;

    private bool _isWaiting;

    /// <summary>
    /// Whether a deadline that is over may act now: not while there are octets that had come before it was looked at first. Those that come
    /// later do not put it off any further.
    /// </summary>
    public bool MayJudge(in TransportReport report)
    {
        if (!_isWaiting && report.Readable > 0)
            (_isWaiting, _upTo) = (true, report.Received + report.Readable);
        if (_isWaiting && report.Received < _upTo && report.Readable > 0)
            return false;
        _isWaiting = false;
        return true;
    }
}
