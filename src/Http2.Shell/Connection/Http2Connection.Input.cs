namespace Http2.Shell;

/// <content>From the transport's octets to the core's frames.</content>
internal sealed partial class Http2Connection
{
    private readonly InputBuffer _input;

    /// <summary>Whether input may be taken: not while what it would make us answer cannot be sent.</summary>
    private bool IsInputAllowed => !_output.IsSending || Core.Output.Length < _host.Options.MaxUnsentPerConnection;

    private void Receive()
    {
        if (_input.IsReceiving || _input.HasEnded || _phase == Phase.Closed || !IsInputAllowed)
            return;
        // What comes while lingering is thrown away: it is read only so that closing does not reset the connection.
        if (_phase == Phase.Lingering)
            _input.Clear();
        try
        {
            if (_input.Receive(expectsMuch: Exchanges.Incoming > 0))
                Wake(Signal.Received, inline: false);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void CompleteReceive()
    {
        try
        {
            var octets = _input.CompleteReceive(isWanted: _phase == Phase.Open);
            if (_phase == Phase.Closed)
                _input.Release();
            if (octets.IsEmpty)
                return;
            // A deadline that waited for these octets may act behind them.
            _deferredUntil = 0;
            _tap?.Received(octets);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Steps through every complete frame; handlers run between frames, so that their answers join one output buffer.</summary>
    /// <returns>False when a handler was left behind; whoever goes on begins with the next frame.</returns>
    private bool TakeFrames()
    {
        if (_phase != Phase.Open)
            return true;
        var isPartial = false;
        if (_input.Length > 0)
            TellDate();
        while (_input.Length > 0 && _phase == Phase.Open)
        {
            if (Core.Output.Length >= _host.Options.MaxUnsentPerConnection)
            {
                if (!Flush())
                    return false;
                if (!IsInputAllowed || _phase != Phase.Open)
                    break;
            }
            var before = Core.Output.Length;
            var consumed = Core.Receive(_input.Octets);
            _output.OwnAnswers += Core.Output.Length - before;
            isPartial = consumed == 0;
            _input.Take(consumed);
            if (!DeliverEvents())
                return false;
            if (isPartial)
                break;
        }
        _input.EndTaking(isPartial, Core.Now);
        return true;
    }
}
