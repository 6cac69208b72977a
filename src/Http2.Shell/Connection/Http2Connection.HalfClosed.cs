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
    private long _sentAt;
    private long _askDue;
    private long _askPause = HalfClosedLook;

    // What is sent next is nothing but the question, which is no answer that the client might be waiting for.
    private bool _onlyAsks;

    /// <summary>Tells the core that the input has ended, once all frames that came before it were taken.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool TellEndOfInput()
    {
        if (!_inputEnded || _endTold || _phase != Phase.Open || (_start < _end && _partialSince < 0))
            return true;
        _endTold = true;
        // the beginning of a frame that never ends
        _start = _end = 0;
        _partialSince = -1;
        _closing.Note(Http2CloseCause.ConnectionLost);
        if (IsRecorded)
            Record(new Input.EndOfInput());
        _state = Connection.EndOfInput(in _state, Effects);
        if (!Connection.IsFinished(in _state))
            AskWhetherAnyoneReads();
        return DeliverEvents();
    }

    private void AskWhetherAnyoneReads()
    {
        Ask();
        _sentAt = _now;
        _halfClosedDue = _now + HalfClosedLook;
        _transport.WhenLost(() => Post(new LostMail()));
    }

    private void Ask()
    {
        SubmitPing(HalfClosedPing);
        _askDue = _now + _askPause;
        _askPause *= 2;
    }

    private void AskAgain()
    {
        // Whatever else is sent asks as well.
        if (_sending || _now < _askDue)
            return;
        _onlyAsks = Effects.Output.Length == 0 && !Connection.CanDrain(in _state);
        Ask();
    }

    private void CheckHalfClosed()
    {
        var timeout = (long)_host.Options.HalfClosedTimeout.TotalMilliseconds;
        if (_transport.Report().IsLost)
            Fail(new IOException("The client is gone."));
        else if (!_sending && _now >= _sentAt + timeout)
        {
            Log.HalfClosed(_host.Logger, Info.Id);
            Close(Http2CloseCause.ClientTooSlow);
        }
        else
        {
            // The PING, or what was sent since, may have reached nobody.
            IsOnItsWay();
            AskAgain();
            _halfClosedDue = Math.Min(_now + HalfClosedLook, Math.Max(_sentAt + timeout, _now + 1));
        }
    }

    /// <summary>
    /// Ends the connection of a client that has said GOAWAY and has no stream left, once nothing more comes: a request that it sent along with
    /// its GOAWAY is answered (RFC 9113 §6.8).
    /// </summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool EndWhenLeft()
    {
        if (_phase != Phase.Open || !Connection.IsLeft(in _state))
        {
            _leaveDue = long.MaxValue;
            return true;
        }
        if (_leaveDue == long.MaxValue)
            _leaveDue = _now + LeaveAfter;
        if (_now < _leaveDue)
            return true;
        if (_start < _end || !_receiving || _receive.IsCompleted || _transport.Report().Readable > 0)
        {
            _leaveDue = _now + LeaveAfter;
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
