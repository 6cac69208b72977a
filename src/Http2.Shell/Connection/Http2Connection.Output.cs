namespace Http2.Shell;

/// <content>From the core's frames to the transport.</content>
internal sealed partial class Http2Connection
{
    private const int WritesInARow = 6;

    private readonly OutputWriter _output;

    /// <summary>Sends what is written, and of queued bodies as much as the transport takes.</summary>
    /// <returns>False when a callback was left behind.</returns>
    private bool Flush()
    {
        for (var writes = 0; !_output.IsSending && _phase == Phase.Open; writes++)
        {
            if (!DeliverEvents())
                return false;
            if (_output.Fill() && !DeliverEvents())
                return false;
            if (Core.Output.Length == 0)
                return true;
            if (writes == WritesInARow)
            {
                // A reader as fast as we are must not keep us from reading.
                Wake(Signal.Again, inline: false);
                return true;
            }
            Send();
        }
        return true;
    }

    private void Send()
    {
        _tap?.Sent(Core.Output.WrittenMemory.Span);
        try
        {
            _output.Send();
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }
        if (_output.IsSending)
            Progress.Begin(Core.Now);
    }

    private void CompleteSend()
    {
        _progress!.End();
        try
        {
            _output.CompleteSend();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }
}
