using System.Runtime.CompilerServices;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <content>From the core's frames to the transport.</content>
internal sealed partial class Http2Connection
{
    // DATA for one write. Each write that waits for its reader costs the kernel a wake-up, so a reader that soon takes what was waiting gets as
    // much as the largest buffer that is kept can hold, encrypted too. Others get little: a deadline is for a whole write.
    private const int LittleAtOnce = 64 * 1024;
    private const int MuchAtOnce = 192 * 1024;
    private const int SoonMilliseconds = 1000;

    private const int WritesInARow = 6;

    private readonly Action _onSent;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _send;
    private OutputBuffer? _inFlight;
    private OutputBuffer? _held;
    private bool _sending;
    private long _sendingSince;
    private int _drainBudget = LittleAtOnce;
    private int _inFlightHeld;
    private int _waitingHeld;

    /// <summary>Sends what is written, and of queued bodies as much as the transport takes.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool Flush()
    {
        for (var writes = 0; !_sending && _phase == Phase.Open; writes++)
        {
            if (!DeliverEvents())
                return false;
            var output = Effects.Output;
            if (output.Length < _drainBudget && Connection.CanDrain(in _state))
            {
                if (IsRecorded)
                    Record(new Input.Drain(_drainBudget - output.Length));
                _state = Connection.Drain(in _state, _drainBudget - output.Length, Effects);
                if (!DeliverEvents())
                    return false;
            }
            if (output.Length == 0)
                return true;
            if (writes == WritesInARow)
            {
                // A reader as fast as we are must not keep us from reading.
                Wake(Signal.Again, inline: false);
                return true;
            }
            Send(output);
        }
        return true;
    }

    private void Send(OutputBuffer output)
    {
        _tap?.Sent(output.WrittenMemory.Span);
        _ownAnswers = 0;
        if (!_onlyAsks)
            _sentAt = _now;
        _onlyAsks = false;
        try
        {
            _send = _transport.SendAsync(output.WrittenMemory).ConfigureAwait(false).GetAwaiter();
            if (_send.IsCompleted)
            {
                _send.GetResult();
                output.Truncate(0);
                return;
            }
        }
        catch (Exception failure)
        {
            output.Truncate(0);
            Fail(failure);
            return;
        }
        _sending = true;
        _sendingSince = _now;
        Progress.Begin(_now);
        _inFlight = output;
        // what is encrypted lies in a buffer of its own
        _inFlightHeld = EffectPool.Capacity(output) * (Info.IsTls ? 2 : 1);
        Memory.Hold(_inFlightHeld);
        Effects.Output = EffectPool.RentOutput();
        _send.UnsafeOnCompleted(_onSent);
    }

    private void CompleteSend()
    {
        _sending = false;
        _progress!.End();
        _drainBudget = _now - _sendingSince < SoonMilliseconds && !_host.Memory.IsNear ? MuchAtOnce : LittleAtOnce;
        EffectPool.ReturnOutput(_inFlight!);
        Memory.Release(_inFlightHeld);
        _inFlight = null;
        try
        {
            _send.GetResult();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }
}
