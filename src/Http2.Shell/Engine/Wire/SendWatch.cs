namespace Http2.Shell;

/// <summary>
/// Watches whether the peer takes what is sent to it, from when something waits. Nothing is kept as long as nothing ever has. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="transport">What knows how far octets have come.</param>
/// <param name="core">Whose output it is.</param>
/// <param name="output">What sends it.</param>
/// <param name="limits">How long nothing may move.</param>
internal sealed class SendWatch(ITransport transport, CoreSession core, OutputWriter output, EngineLimits limits)
{
    private SendProgress? _progress;

    /// <summary>When to look next; <see cref="long.MaxValue"/> when nothing waits.</summary>
    public long Due => _progress?.Due(IsUnread) ?? long.MaxValue;

    // Reading has stopped for answers that the peer makes this end give and does not read. A peer that pauses while its own messages are piled
    // up is none of those: what waits for it is what it asked for.
    private bool IsUnread => output.IsFull && output.OwnAnswers >= core.Output.Length / 2;

    /// <summary>What the transport knows.</summary>
    public TransportReport Report() => transport.Report();

    /// <summary>Something waits for the peer.</summary>
    public void Begin() => (_progress ??= new SendProgress(limits.Send)).Begin(core.Now);

    /// <summary>It was taken.</summary>
    public void End() => _progress?.End();

    /// <summary>Looks, once <see cref="Due"/> is over.</summary>
    /// <returns>Whether the peer may have more time.</returns>
    public bool IsPeerAlive()
    {
        var report = transport.Report();
        if (output.IsSending || report.Unacknowledged > 0)
            return _progress!.IsAlive(core.Now, report, IsUnread);
        _progress!.End();
        return true;
    }

    /// <summary>
    /// Whether octets that were sent have not arrived yet, so that it is the network's turn and not the peer's. From then on they are watched: a
    /// peer that acknowledges nothing is given up in the end.
    /// </summary>
    public bool IsOnItsWay()
    {
        var report = transport.Report();
        if (report.Unacknowledged <= 0 || report.IsJustSent)
            return false;
        Begin();
        return true;
    }

    /// <summary>
    /// Whether the last octets have not been acknowledged yet, so that closing now may destroy them. From then on they are watched.
    /// </summary>
    public bool HasUnacknowledged()
    {
        if (transport.Report().Unacknowledged <= 0)
            return false;
        Begin();
        return true;
    }
}
