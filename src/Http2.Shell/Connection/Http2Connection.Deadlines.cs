using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// What must happen in time. A deadline that is over is no verdict yet: what has come meanwhile is read first, and a peer that nobody can
/// reach, or that takes what is sent to it however slowly, is left its time.
/// </content>
internal sealed partial class Http2Connection
{
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;
    private InputFirst _inputFirst;
    private long _deferredUntil;

    // How the peer takes what is sent; null as long as nothing has ever waited for it.
    private SendProgress? _progress;

    private SendProgress Progress => _progress ??= new SendProgress(SendTimeouts.Of(_host.Options));

    private long SendDeadline => _progress?.Due(IsUnread) ?? long.MaxValue;

    // Reading has stopped for answers that the peer makes this end give and does not read. A client that pauses while its requests are piled up
    // is none of those: what waits for it are the responses that it asked for.
    private bool IsUnread => _output.IsSending && !IsInputAllowed && _output.OwnAnswers >= Core.Output.Length / 2;

    // What the peer has to send in time.
    private long InputDeadline => Math.Max(
        Math.Min(Math.Min(UnreadDeadline, PaceDeadline), Core.NextDeadline), _deferredUntil);

    private void ArmTimer()
    {
        if (_phase == Phase.Closed)
            return;
        var due = _phase == Phase.Open ? Math.Min(InputDeadline, Math.Min(_halfClosedDue, _leaveDue)) : _lingerUntil;
        due = Math.Min(due, Math.Min(SendDeadline, UnreadLookDeadline));
        // A deadline that moved away leaves the timer as it is: it will find nothing to do and be armed again. That is cheaper than moving
        // it with every batch.
        if (due >= _armedFor)
            return;
        _armedFor = due;
        // From now, not from when this run began: a handler may have taken long.
        var wait = TimeSpan.FromMilliseconds(Math.Max(due - _host.Clock.At(_host.Clock.Timestamp), 0));
        if (_timer is null)
        {
            _host.Holdings.TimerMade();
            _timer = _host.Time.CreateTimer(
                static state => ((Http2Connection)state!).Wake(Signal.Timer, inline: true), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void CheckDeadlines()
    {
        _armedFor = long.MaxValue;
        if (_phase == Phase.Closed)
            return;
        if (Core.Now >= SendDeadline)
            CheckProgress();
        if (_phase == Phase.Lingering && Core.Now >= _lingerUntil)
            CheckLinger();
        if (_phase == Phase.Open && Core.Now >= _halfClosedDue)
            CheckHalfClosed();
        if (_phase != Phase.Open || Core.Now < InputDeadline || !MayJudgeInput())
            return;
        Core.Tick();
        if (Core.IsFinished)
            _closing.NoteFinished();
        JudgePace();
        EndUnreadRequests();
    }

    /// <summary>Whether what the peer has not sent may be held against it now.</summary>
    private bool MayJudgeInput()
    {
        // Octets have come that the next round takes in.
        if (_input.HasMore)
            return false;
        // What is not read cannot be missed. The deadline for sending sees to a peer for which nothing is read.
        if (IsInputAllowed && (_input.HasEnded || _inputFirst.MayJudge(_transport.Report())))
            return true;
        _deferredUntil = Core.Now + (IsInputAllowed ? InputFirst.Pause : InputFirst.PauseUnread);
        return false;
    }

    private void CheckProgress()
    {
        var report = _transport.Report();
        if (!_output.IsSending && report.Unacknowledged <= 0)
        {
            Progress.End();
            return;
        }
        if (Progress.IsAlive(Core.Now, report, IsUnread))
            return;
        Log.NotReading(_host.Logger, Info.Id);
        Close(Http2CloseCause.ClientTooSlow);
    }

    /// <summary>
    /// Whether octets that were sent have not arrived yet, so that it is the network's turn and not the peer's. From then on they are watched: a
    /// peer that acknowledges nothing is given up in the end.
    /// </summary>
    private bool IsOnItsWay()
    {
        var report = _transport.Report();
        if (report.Unacknowledged <= 0 || report.IsJustSent)
            return false;
        Progress.Begin(Core.Now);
        return true;
    }

    // Whoever closes while the last octets are on their way may destroy them: what the peer still sends would be answered with a reset.
    private void CheckLinger()
    {
        if (_transport.Report().Unacknowledged > 0)
        {
            Progress.Begin(Core.Now);
            _lingerUntil = Core.Now + (long)_host.Options.LingerTimeout.TotalMilliseconds;
        }
        else
            Close(Http2CloseCause.Completed);
    }
}
