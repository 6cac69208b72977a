namespace Http2.Shell;

/// <summary>
/// Puts off deadlines for what the peer has to send: one that is over is no verdict yet, what has come meanwhile is read first. Belongs to the
/// connection's owner.
/// </summary>
internal struct InputPatience
{
    private InputFirst _inputFirst;
    private long _deferredUntil;

    /// <summary>When a deadline for input is looked at that is over at <paramref name="due"/>.</summary>
    public readonly long Due(long due) => Math.Max(due, _deferredUntil);

    /// <summary>Octets have come: a deadline that waited for them may act behind them.</summary>
    public void InputCame() => _deferredUntil = 0;

    /// <summary>Whether what the peer has not sent may be held against it now.</summary>
    /// <param name="connection">What knows what has come, and what keeps this end from reading.</param>
    public bool MayJudge(Http2Connection connection)
    {
        var output = connection.Output;
        // Octets have come that the next round takes in.
        if (connection.Input.HasMore)
            return false;
        // What is not read cannot be missed. The deadline for sending sees to a peer for which nothing is read.
        if (!output.IsFull && (connection.Input.HasEnded || _inputFirst.MayJudge(connection.Sends.Report())))
            return true;
        _deferredUntil = connection.Core.Now + (output.IsFull ? InputFirst.PauseUnread : InputFirst.Pause);
        return false;
    }
}
