using Http2.Pure;

namespace Http2.Shell;

/// <summary>The application asked for something that the state of its stream does not allow. Nothing was sent.</summary>
/// <param name="refusal">What was wrong.</param>
/// <param name="message">What was wrong, in words.</param>
public sealed class Http2MisuseException(Refusal refusal, string message) : InvalidOperationException(message)
{
    /// <summary>What was wrong.</summary>
    public Refusal Refusal { get; } = refusal;
}

/// <summary>The peer, or the end of the connection, closed the stream while the application was reading or writing.</summary>
/// <param name="code">The code of the RST_STREAM or GOAWAY, or NO_ERROR when the connection ended without one.</param>
/// <param name="message">One line that says why.</param>
public sealed class Http2StreamClosedException(ErrorCode code, string message) : IOException(message)
{
    /// <summary>A stream that was closed with a code.</summary>
    /// <param name="code">The code of the RST_STREAM or GOAWAY, or NO_ERROR when the connection ended without one.</param>
    public Http2StreamClosedException(ErrorCode code)
        : this(code, $"The stream was closed with {code}.")
    {
    }

    /// <summary>The code of the RST_STREAM or GOAWAY, or NO_ERROR when the connection ended without one.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>
/// The reader of a request's body has examined more octets without consuming them than <see cref="Http2ServerOptions.MaxExaminedPerRequest"/> or
/// <see cref="Http2ServerOptions.MaxExaminedPerConnection"/> allows to be kept.
/// </summary>
/// <param name="message">One line that names the option.</param>
public sealed class Http2BodyBufferException(string message) : IOException(message);

/// <summary>
/// The body of a request is larger than <see cref="Http2Exchange.MaxRequestBodySize"/>. When a handler does not catch this exception and has not
/// sent a response, the client gets 413 (RFC 9110 §15.5.14).
/// </summary>
/// <param name="limit">The limit, in octets.</param>
public sealed class Http2RequestTooLargeException(long limit)
    : IOException($"The body of the request is larger than the {limit} octets that MaxRequestBodySize allows.")
{
    /// <summary>The limit, in octets.</summary>
    public long Limit { get; } = limit;
}

/// <summary>
/// The server cannot listen where it was told to: the address is in use, is not one of this machine, or is not permitted. The message can be
/// shown to users.
/// </summary>
/// <param name="message">One line that names the address and the reason.</param>
/// <param name="inner">What the system said.</param>
public sealed class Http2ListenException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// The system does not give the server the threads or descriptors that it needs to begin. The message can be shown to users.
/// </summary>
/// <param name="message">One line that says what was missing and what to do.</param>
/// <param name="inner">What the system said.</param>
public sealed class Http2ShortageException(string message, Exception? inner = null) : IOException(message, inner)
{
    internal static Http2ShortageException OfThreads() =>
        new("cannot serve: the system gives no more threads; raise RLIMIT_NPROC (ulimit -u) or the control group's pids.max");

    internal static Http2ShortageException OfDescriptors(Exception? inner = null) =>
        new("cannot serve: the system gives no more descriptors; raise RLIMIT_NOFILE (ulimit -n)", inner);
}
