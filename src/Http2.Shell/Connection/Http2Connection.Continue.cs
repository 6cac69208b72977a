namespace Http2.Shell;

/// <content>
/// Clients that hold the body of their request back until 100 (Continue) comes. The pace of the body is asked for from then on only.
/// </content>
internal sealed partial class Http2Connection
{
    /// <summary>Somebody wants to read a body that is held back. Any thread.</summary>
    internal void WantBody(ContinueGate gate)
    {
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            Post(gate);
            return;
        }
        try
        {
            gate.Run(this);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    /// <summary>Tells the client to send the body, unless its final response is on its way.</summary>
    internal void Continue(Http2Exchange exchange)
    {
        if (!exchange.IsAnswered && !exchange.Silenced)
            InformNow(exchange, 100, Http2Headers.Empty);
    }

    /// <summary>Nothing holds the body back any more.</summary>
    /// <returns>Whether 100 may be sent: the client waits for it, or never said that it would.</returns>
    private bool PassGate(Http2Exchange exchange)
    {
        if (exchange.Gate is not { } gate)
            return true;
        if (!gate.TryPass())
            return false;
        WatchReceiving(exchange);
        return true;
    }

    /// <summary>The body comes, or will never come.</summary>
    private void OpenGate(Http2Exchange exchange)
    {
        if (exchange.Gate is not { HasBegun: false } gate)
            return;
        PassGate(exchange);
        gate.Begin();
    }
}
