using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Sees every octet that a server's connections receive and send, as plain HTTP/2 (below it there may be TLS). Calls for one connection
/// come one at a time and in order; those of different connections may come at once. It must not block. One that throws costs the connection
/// nothing: it is told nothing more of it but <see cref="Closed"/>, and the first failure of a server is logged as an error.
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

    /// <summary>
    /// Whether <see cref="Started"/> and <see cref="Input"/> are called; asked once for each connection. They cost an object for each
    /// input.
    /// </summary>
    public virtual bool TakesInputs => false;

    /// <summary>The connection's core was opened; see <see cref="Connection.Open"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="role">Which end it is.</param>
    /// <param name="options">What it was opened with.</param>
    /// <param name="now">When, in milliseconds of the clock that the inputs use.</param>
    public virtual void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now)
    {
    }

    /// <summary>
    /// Something happened to the connection's core. All inputs, in order, replay the connection (see <see cref="Recording"/>). What an
    /// input refers to is valid during the call.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="input">What happened.</param>
    public virtual void Input(Http2ConnectionInfo connection, Input input)
    {
    }

    /// <summary>A connection ended.</summary>
    /// <param name="connection">The connection.</param>
    public virtual void Closed(Http2ConnectionInfo connection)
    {
    }
}
