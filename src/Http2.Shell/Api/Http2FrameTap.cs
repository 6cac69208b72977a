using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Sees every octet that a server's connections receive and send: HTTP/2 as it is before TLS encrypts and after TLS decrypts it. The calls for one
/// connection come one at a time and in order; calls for different connections may come at the same time. No call may block. When a call throws,
/// the connection goes on; the tap gets no further call for that connection but <see cref="Closed"/>, and the first such failure of a server is
/// logged as an error.
/// </summary>
public abstract class Http2FrameTap
{
    /// <summary>A connection began.</summary>
    /// <param name="connection">The connection.</param>
    public virtual void Opened(Http2ConnectionInfo connection)
    {
    }

    /// <summary>Octets were received. They may end anywhere in a frame. The client's preface comes first (RFC 9113 §3.4).</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="octets">The octets; the memory is valid during the call only.</param>
    public virtual void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
    }

    /// <summary>Octets are about to be sent; they are whole frames.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="octets">The octets; the memory is valid during the call only.</param>
    public virtual void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
    }

    /// <summary>
    /// Whether <see cref="Started"/> and <see cref="Input"/> are called. It is asked once for each connection. These calls cost an object for each
    /// input.
    /// </summary>
    public virtual bool TakesInputs => false;

    /// <summary>The protocol state of the connection was made; see <see cref="Connection.Open"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="role">Which end this process is.</param>
    /// <param name="options">What this end announces, and how it bounds its peer.</param>
    /// <param name="now">When, in milliseconds of the clock that the inputs use.</param>
    public virtual void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now)
    {
    }

    /// <summary>
    /// The protocol state of the connection got an input. All inputs, in order, replay the connection (see <see cref="Recording"/>). The memory
    /// that an input refers to is valid during the call only.
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
