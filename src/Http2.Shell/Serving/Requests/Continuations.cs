namespace Http2.Shell;

/// <summary>
/// Clients that hold the body of their request back until 100 (Continue) comes. The pace of the body is asked for from then on only.
/// </summary>
/// <param name="role">The server's end of the connection.</param>
internal readonly struct Continuations(ServingRole role)
{
    /// <summary>Somebody wants to read a body that is held back. Any thread.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="asking">A task that says the same to the owner.</param>
    public void Want(Http2Exchange exchange, OwnerTask asking)
    {
        var owner = role.Connection.Owner;
        using var access = owner.TryAccess();
        if (!access.IsTaken)
        {
            owner.Post(asking);
            return;
        }
        Continue(exchange);
    }

    /// <summary>Tells the client to send the body, unless its final response is on its way. Owner only.</summary>
    public void Continue(Http2Exchange exchange)
    {
        if (!exchange.IsAnswered && !exchange.Silenced)
            role.Responder.Inform(exchange, 100, Http2Headers.Empty);
    }

    /// <summary>Nothing holds the body back any more. Owner only.</summary>
    /// <returns>Whether 100 may be sent: the client waits for it, or never said that it would.</returns>
    public bool PassGate(Http2Exchange exchange)
    {
        if (exchange.Gate is not { } gate)
            return true;
        if (!gate.TryPass())
            return false;
        role.Connection.SlowPeers.WatchReceiving(exchange);
        return true;
    }

    /// <summary>The body comes, or will never come. Owner only.</summary>
    public void OpenGate(Http2Exchange exchange)
    {
        if (exchange.Gate is not { HasBegun: false } gate)
            return;
        PassGate(exchange);
        gate.Begin();
    }
}
