using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// Clients that have sent all they will (TCP's half-close, TLS's close_notify) and read on: what they asked for completely is still answered.
/// From here a client that is gone for good looks the same. It is asked with a PING: TCP answers that with a reset when nobody is there any
/// more, and a client that reads passes over it. One that leaves later says nothing, so it is asked again, less and less often.
/// </content>
internal sealed partial class Http2Connection
{
    // "anyone?" in ASCII
    private const ulong HalfClosedPing = 0x616e796f6e653f;

    // Between looks at a carrier that does not tell by itself that the peer is gone.
    private const int HalfClosedLook = 1_000;

    // What a client sends along with its GOAWAY may come in several segments.
    private const int LeaveAfter = 100;

    private bool _endTold;
    private long _leaveDue = long.MaxValue;
    private long _halfClosedDue = long.MaxValue;
    private long _askDue;
    private long _askPause = HalfClosedLook;

    /// <summary>Tells the core that the input has ended, once all frames that came before it were taken.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool TellEndOfInput()
    {
        if (!_input.HasEnded || _endTold || _phase != Phase.Open || (_input.Length > 0 && _input.PartialSince < 0))
            return true;
        _endTold = true;
        // the beginning of a frame that never ends
        _input.Clear();
        _closing.Note(Http2CloseCause.ConnectionLost);
        Core.EndOfInput();
        if (!Core.IsFinished)
            AskWhetherAnyoneReads();
        return DeliverEvents();
    }

    private void AskWhetherAnyoneReads()
    {
        Ask();
        _output.SentAt = Core.Now;
        _halfClosedDue = Core.Now + HalfClosedLook;
        _transport.WhenLost(() => Post(new LostMail()));
    }

    private void Ask()
    {
        Core.SubmitPing(HalfClosedPing);
        _askDue = Core.Now + _askPause;
        _askPause *= 2;
    }

    private void AskAgain()
    {
        // Whatever else is sent asks as well.
        if (_output.IsSending || Core.Now < _askDue)
            return;
        _output.OnlyAsks = Core.Output.Length == 0 && !Core.CanDrain;
        Ask();
    }

    private void CheckHalfClosed()
    {
        var timeout = (long)_host.Options.HalfClosedTimeout.TotalMilliseconds;
        if (_transport.Report().IsLost)
            Fail(new IOException("The client is gone."));
        else if (!_output.IsSending && Core.Now >= _output.SentAt + timeout)
        {
            Log.HalfClosed(_host.Logger, Info.Id);
            Close(Http2CloseCause.ClientTooSlow);
        }
        else
        {
            // The PING, or what was sent since, may have reached nobody.
            IsOnItsWay();
            AskAgain();
            _halfClosedDue = Math.Min(Core.Now + HalfClosedLook, Math.Max(_output.SentAt + timeout, Core.Now + 1));
        }
    }

    /// <summary>
    /// Ends the connection of a client that has said GOAWAY and has no stream left, once nothing more comes: a request that it sent along with
    /// its GOAWAY is answered (RFC 9113 §6.8).
    /// </summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool EndWhenLeft()
    {
        if (_phase != Phase.Open || !Core.IsLeft)
        {
            _leaveDue = long.MaxValue;
            return true;
        }
        if (_leaveDue == long.MaxValue)
            _leaveDue = Core.Now + LeaveAfter;
        if (Core.Now < _leaveDue)
            return true;
        if (_input.Length > 0 || !_input.IsReceiving || _input.HasMore || _transport.Report().Readable > 0)
        {
            _leaveDue = Core.Now + LeaveAfter;
            return true;
        }
        AbortNow(ErrorCode.NoError);
        if (!Flush())
            return false;
        Conclude();
        return true;
    }

    private sealed class LostMail : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase == Phase.Open)
                connection.Fail(new IOException("The client is gone."));
        }
    }
}
