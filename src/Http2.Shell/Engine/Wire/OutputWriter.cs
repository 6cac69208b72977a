using System.Runtime.CompilerServices;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// Sends what the core has written, one write at a time, and keeps it while the transport or the next run is awaited. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="transport">Where octets go.</param>
/// <param name="core">Whose output it is.</param>
/// <param name="memory">What output that waits is counted in.</param>
/// <param name="most">How many octets may wait before nothing is read any more, since it would be answered.</param>
/// <param name="isTls">Whether the transport encrypts, and so holds a copy of what is sent.</param>
/// <param name="onSent">Is called, on any thread, when a write that was not complete at once has completed.</param>
internal sealed class OutputWriter(
    ITransport transport, CoreSession core, ConnectionMemory memory, int most, bool isTls, Action onSent)
{
    // DATA for one write. Each write that waits for its reader costs the kernel a wake-up, so a reader that soon takes what was waiting gets as
    // much as the largest buffer that is kept can hold, encrypted too. Others get little: a deadline is for a whole write.
    private const int LittleAtOnce = 64 * 1024;
    private const int MuchAtOnce = 192 * 1024;
    private const int SoonMilliseconds = 1000;

    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _send;
    private OutputBuffer? _inFlight;
    private int _inFlightHeld;

    // What was written and not sent when the last run ended.
    private OutputBuffer? _held;
    private int _heldOctets;

    private long _sendingSince;
    private int _drainBudget = LittleAtOnce;

    /// <summary>Whether a write waits for the transport.</summary>
    public bool IsSending { get; private set; }

    /// <summary>Whether so much waits for the transport that nothing more may be read.</summary>
    public bool IsFull => IsSending && core.Output.Length >= most;

    /// <summary>When something was last sent that may be an answer.</summary>
    public long SentAt { get; set; }

    /// <summary>
    /// Octets of the output that answer the peer's frames by themselves, without anybody's doing: acknowledgements, resets.
    /// </summary>
    public int OwnAnswers { get; set; }

    /// <summary>Whether what is sent next is nothing but a question of ours, which is no answer that the peer might be waiting for.</summary>
    public bool OnlyAsks { get; set; }

    /// <summary>A run begins, and the core has its buffers: what was held goes out first.</summary>
    public void Resume()
    {
        if (_held is null)
            return;
        EffectPool.ReturnOutput(core.Output);
        core.Output = _held;
        _held = null;
        memory.Release(_heldOctets);
    }

    /// <summary>A run ends: what is not sent is held for the next.</summary>
    public void Suspend()
    {
        if (core.Output.Length == 0)
            return;
        _held = core.Output;
        _heldOctets = EffectPool.Capacity(_held);
        memory.Hold(_heldOctets);
        core.Output = EffectPool.RentOutput();
    }

    /// <summary>Adds as much of queued bodies to the output as one write should have.</summary>
    /// <returns>Whether something may have been added or told.</returns>
    public bool Fill()
    {
        var written = core.Output.Length;
        if (written >= _drainBudget || !core.CanDrain)
            return false;
        core.Drain(_drainBudget - written);
        return true;
    }

    /// <summary>
    /// Sends what is written. The output is empty afterwards, whether the transport took it at once or keeps it; what it throws comes out.
    /// </summary>
    public void Send()
    {
        var output = core.Output;
        OwnAnswers = 0;
        if (!OnlyAsks)
            SentAt = core.Now;
        OnlyAsks = false;
        try
        {
            _send = transport.SendAsync(output.WrittenMemory).ConfigureAwait(false).GetAwaiter();
            if (_send.IsCompleted)
            {
                _send.GetResult();
                output.Truncate(0);
                return;
            }
        }
        catch
        {
            output.Truncate(0);
            throw;
        }
        IsSending = true;
        _sendingSince = core.Now;
        _inFlight = output;
        // what is encrypted lies in a buffer of its own
        _inFlightHeld = EffectPool.Capacity(output) * (isTls ? 2 : 1);
        memory.Hold(_inFlightHeld);
        core.Output = EffectPool.RentOutput();
        _send.UnsafeOnCompleted(onSent);
    }

    /// <summary>A write that waited has completed; what the transport throws comes out.</summary>
    public void CompleteSend()
    {
        IsSending = false;
        _drainBudget = core.Now - _sendingSince < SoonMilliseconds && !memory.IsBudgetNear ? MuchAtOnce : LittleAtOnce;
        EffectPool.ReturnOutput(_inFlight!);
        memory.Release(_inFlightHeld);
        _inFlight = null;
        _send.GetResult();
    }
}
