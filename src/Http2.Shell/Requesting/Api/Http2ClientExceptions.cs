using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A connection could not be made: the name or the host cannot be reached, the TLS handshake failed, the server does not offer HTTP/2, or it took
/// too long. The message can be shown to users.
/// </summary>
/// <param name="message">One line that names the address and the reason.</param>
/// <param name="inner">What the system said.</param>
public sealed class Http2ConnectException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The server broke a rule of the protocol, or exceeded a limit that this client sets. Its stream, or its connection, was ended.</summary>
/// <param name="code">The code that the server was told.</param>
/// <param name="rule">The rule that it broke.</param>
public sealed class Http2ProtocolException(ErrorCode code, Rule rule)
    : IOException($"The server broke a rule ({rule}); answered with {WireNames.Of(code)}.")
{
    /// <summary>The code that the server was told, with RST_STREAM or GOAWAY.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>The rule that it broke, with document and section.</summary>
    public Rule Rule { get; } = rule;
}

/// <summary>
/// A request was not processed by the server, so it may be sent again, whatever its method (RFC 9113 §8.7): the server refused its stream, went away
/// before it, or never got it.
/// </summary>
/// <param name="message">One line that says why.</param>
public sealed class Http2NotProcessedException(string message) : IOException(message);
