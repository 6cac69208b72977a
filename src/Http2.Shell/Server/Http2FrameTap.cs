namespace Http2.Shell;

/// <summary>
/// Sees every octet that a server's connections receive and send, as plain HTTP/2 (below it there may be TLS). Calls for one connection come
/// one at a time and in order; those of different connections may come at once. It must neither block nor throw.
/// </summary>
public abstract class Http2FrameTap
{
    /// <summary>A connection began.</summary>
    /// <param name="connection">The connection.</param>
    public virtual void Opened(Http2ConnectionInfo connection)
    {
    }

    /// <summary>Octets were received. Chunks end anywhere; the client's preface comes first.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="octets">The octets; valid during the call.</param>
    public virtual void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
    }

    /// <summary>Octets are about to be sent. Each chunk holds whole frames.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="octets">The octets; valid during the call.</param>
    public virtual void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
    }

    /// <summary>A connection ended.</summary>
    /// <param name="connection">The connection.</param>
    public virtual void Closed(Http2ConnectionInfo connection)
    {
    }
}
