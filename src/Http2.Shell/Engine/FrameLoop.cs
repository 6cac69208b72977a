namespace Http2.Shell;

/// <summary>
/// Moves frames between the transport and the core: those that have come are taken one by one, with what they tell delivered in between, and
/// what the core has written is sent with as few writes as possible. Belongs to the connection's owner.
/// </summary>
/// <param name="connection">The connection, whose rooms have the frames.</param>
internal readonly struct FrameLoop(Http2Connection connection)
{
    private const int WritesInARow = 6;

    /// <summary>
    /// Takes every complete frame. What each tells is delivered before the next is taken, so what the application sends in answer joins one output
    /// buffer.
    /// </summary>
    /// <returns>False when a call of user code was left behind; whoever goes on begins with the next frame.</returns>
    public bool TakeFrames()
    {
        var (core, input, output, end) = (connection.Core, connection.Input, connection.Output, connection.End);
        if (!end.IsOpen)
            return true;
        var maxUnsent = connection.Host.Limits.MaxUnsentPerConnection;
        var isPartial = false;
        if (input.Length > 0)
            connection.Role.BeforeFrames();
        while (input.Length > 0 && end.IsOpen)
        {
            if (core.Output.Length >= maxUnsent)
            {
                if (!Flush())
                    return false;
                if (output.IsFull || !end.IsOpen)
                    break;
            }
            var before = core.Output.Length;
            var consumed = core.Receive(input.Octets);
            output.OwnAnswers += core.Output.Length - before;
            isPartial = consumed == 0;
            input.Take(consumed);
            if (!connection.Events.DeliverAll())
                return false;
            if (isPartial)
                break;
        }
        input.EndTaking(isPartial, core.Now);
        return true;
    }

    /// <summary>Sends what is written, and of queued bodies as much as the transport takes.</summary>
    /// <returns>False when a call of user code was left behind.</returns>
    public bool Flush()
    {
        var (core, output, end, events) = (connection.Core, connection.Output, connection.End, connection.Events);
        for (var writes = 0; !output.IsSending && end.IsOpen; writes++)
        {
            if (!events.DeliverAll())
                return false;
            if (output.Fill() && !events.DeliverAll())
                return false;
            connection.BeforeWrite();
            if (core.Output.Length == 0)
                return true;
            if (writes == WritesInARow)
            {
                // A reader as fast as we are must not keep us from reading.
                connection.Owner.Wake(Signals.Again, inline: false);
                return true;
            }
            Send();
        }
        return true;
    }

    /// <summary>Begins to receive, unless that is under way or not allowed: not while what it would make us answer cannot be sent.</summary>
    public void Receive()
    {
        var (input, end) = (connection.Input, connection.End);
        if (input.IsReceiving || input.HasEnded || end.IsClosed || connection.Output.IsFull)
            return;
        // What comes while lingering is thrown away: it is read only so that closing does not reset the connection.
        if (end.IsLingering)
            input.Clear();
        try
        {
            if (input.Receive(expectsMuch: connection.Exchanges.Incoming > 0))
                connection.Owner.Wake(Signals.Received, inline: false);
        }
        catch (Exception failure)
        {
            end.Fail(failure);
        }
    }

    /// <summary>Takes in what has come.</summary>
    public void CompleteReceive()
    {
        var (input, end) = (connection.Input, connection.End);
        try
        {
            var octets = input.CompleteReceive(isWanted: end.IsOpen);
            if (end.IsClosed)
                input.Release();
            if (octets.IsEmpty)
                return;
            connection.Deadlines.InputCame();
            connection.Tap?.Received(octets);
        }
        catch (Exception failure)
        {
            end.Fail(failure);
        }
    }

    /// <summary>A write that waited has completed.</summary>
    public void CompleteSend()
    {
        connection.Sends.End();
        try
        {
            connection.Output.CompleteSend();
        }
        catch (Exception failure)
        {
            connection.End.Fail(failure);
        }
    }

    private void Send()
    {
        connection.Tap?.Sent(connection.Core.Output.WrittenMemory.Span);
        try
        {
            connection.Output.Send();
        }
        catch (Exception failure)
        {
            connection.End.Fail(failure);
            return;
        }
        if (connection.Output.IsSending)
            connection.Sends.Begin();
    }
}
