namespace Http2.Shell;

/// <summary>
/// Peers that have sent all they will (TCP's half-close, TLS's close_notify) and read on: what they asked for completely is still answered.
/// From here a peer that is gone for good looks the same. It is asked with a PING: TCP answers that with a reset when nobody is there any
/// more, and a peer that reads passes over it. One that leaves later says nothing, so it is asked again, less and less often. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="core">The core, which asks.</param>
/// <param name="input">What knows that the peer has ended.</param>
/// <param name="output">What sends the question.</param>
/// <param name="sends">What knows whether it has arrived.</param>
/// <param name="timeout">How long nothing may be sent to such a peer.</param>
internal sealed class HalfClosed(CoreSession core, InputBuffer input, OutputWriter output, SendWatch sends, long timeout)
{
    // "anyone?" in ASCII
    private const ulong Question = 0x616e796f6e653f;

    // Between looks at a carrier that does not tell by itself that the peer is gone.
    private const int Pause = 1_000;

    private bool _hasEnded;
    private long _askDue;
    private long _askPause = Pause;

    /// <summary>What a look has found.</summary>
    public enum Finding
    {
        /// <summary>The peer may read on.</summary>
        Reads,

        /// <summary>It is gone.</summary>
        Gone,

        /// <summary>It may be there, and nothing was sent to it for too long.</summary>
        Silent,
    }

    /// <summary>When to look next.</summary>
    public long Due { get; private set; } = long.MaxValue;

    /// <summary>Whether the peer has ended its side and all frames that came before were taken; answers true once.</summary>
    public bool TryEnd()
    {
        if (!input.HasEnded || _hasEnded || (input.Length > 0 && input.PartialSince < 0))
            return false;
        _hasEnded = true;
        // the beginning of a frame that never ends
        input.Clear();
        return true;
    }

    /// <summary>The connection goes on for what is still to be sent: asks whether anybody reads it.</summary>
    public void BeginAsking()
    {
        Ask();
        output.SentAt = core.Now;
        Due = core.Now + Pause;
    }

    /// <summary>Looks, once <see cref="Due"/> is over, and asks again when it is time.</summary>
    public Finding Look()
    {
        if (sends.Report().IsLost)
            return Finding.Gone;
        if (!output.IsSending && core.Now >= output.SentAt + timeout)
            return Finding.Silent;
        // The PING, or what was sent since, may have reached nobody.
        sends.IsOnItsWay();
        AskAgain();
        Due = Math.Min(core.Now + Pause, Math.Max(output.SentAt + timeout, core.Now + 1));
        return Finding.Reads;
    }

    private void Ask()
    {
        core.SubmitPing(Question);
        _askDue = core.Now + _askPause;
        _askPause *= 2;
    }

    private void AskAgain()
    {
        // Whatever else is sent asks as well.
        if (output.IsSending || core.Now < _askDue)
            return;
        output.OnlyAsks = core.Output.Length == 0 && !core.CanDrain;
        Ask();
    }
}
