using System.Diagnostics.CodeAnalysis;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Handles one stream by callbacks: derive a class from it and give <see cref="Http2Server"/> a factory of that class. The callbacks come in
/// the order <see cref="OnHeaders"/>, <see cref="OnData"/> (any number of times), <see cref="OnRequestDone"/>, <see cref="OnClose"/>, and never
/// concurrently for one stream. OnClose comes exactly once, whatever happens, and is the last. Each callback has a twin that returns a task
/// (<see cref="OnHeadersAsync"/> and so on); override one of the two. The stream's next callback waits until the task is complete; meanwhile
/// <see cref="Http2Stream.Aborted"/> and <see cref="Http2Stream.Closed"/> tell whether the client has gone. Never override a callback with
/// <c>async void</c>: nobody waits for such a method, and an exception in it ends the process.
/// <para>
/// An exception in a callback, or in its task, is logged, and the client gets status 500 (<see cref="Http2ServerOptions.FailureResponse"/>); when
/// the response was sent before, the stream is reset with INTERNAL_ERROR. Only OnClose comes after that. A callback may block and may wait for
/// other threads: after some milliseconds its connection goes on without it on another thread, and the further callbacks of its stream wait
/// until it has returned. Callbacks of different streams may therefore run concurrently.
/// </para>
/// </summary>
public abstract partial class Http2RequestHandler : Http2Exchange, ICalledBack
{
    private volatile bool _isBodyBegun;

    /// <summary>
    /// Whether octets of the body count as consumed when <see cref="OnData"/> returns. When false, the handler must call <see cref="Consume"/>: the
    /// client may send no more than a window's worth of octets beyond what was consumed (RFC 9113 §5.2). Default true.
    /// </summary>
    protected bool AutoConsume { get; set; } = true;

    /// <summary>
    /// Whether a client that waits for 100 (Continue) before it sends the body (<c>expect: 100-continue</c>, RFC 9110 §10.1.1) gets it when
    /// <see cref="OnHeaders"/> has returned without an answer. When false, the handler asks for the body itself, with
    /// <see cref="Http2Exchange.SendInformational"/> and 100, or refuses it with a final response. Default true.
    /// </summary>
    protected bool AutoContinue { get; set; } = true;

    /// <summary>The request's head was received.</summary>
    protected virtual void OnHeaders()
    {
    }

    /// <summary>A part of the request's body was received.</summary>
    /// <param name="chunk">The octets, at least one. The memory is valid during the call only.</param>
    protected virtual void OnData(ReadOnlyMemory<byte> chunk)
    {
    }

    /// <summary>The whole request was received, <see cref="Http2Exchange.Trailers"/> included.</summary>
    protected virtual void OnRequestDone()
    {
    }

    /// <summary>The stream is closed; nothing can be sent any more. For a pushed stream this is the only callback.</summary>
    /// <param name="errorCode">NO_ERROR when both sides ended the stream as they should; otherwise the code of the RST_STREAM or GOAWAY.</param>
    protected virtual void OnClose(ErrorCode errorCode)
    {
    }

    /// <summary>
    /// Gives the client window credit for octets that <see cref="OnData"/> delivered while <see cref="AutoConsume"/> was false (RFC 9113 §5.2).
    /// Any thread.
    /// </summary>
    /// <param name="octets">How many octets were consumed, 0 or more; in all no more than were delivered.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public void Consume(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        Engine.Commands.Consume(this, octets);
    }

    /// <summary>
    /// Sends the response, once, in any callback or later, on any thread. Responses to HEAD and with status 204, 205 or 304 are sent without their
    /// body (RFC 9110 §6.4.1). <c>date</c> is added, and <c>content-length</c> when the length is known.
    /// </summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">The header fields without <c>:status</c>, or null for none.</param>
    /// <param name="body">The body, or null for none. It is disposed of after use, and also when the response cannot be sent.</param>
    /// <param name="trailers">The trailer fields to send after the body, or null for none.</param>
    /// <remarks>When the stream is closed, nothing is sent and nothing is thrown; <see cref="TrySendResponse"/> tells whether it was.</remarks>
    /// <exception cref="Http2MisuseException">A response was sent before, or the status or a field is not one that may be sent.</exception>
    public void SendResponse(int status = 200, Http2Headers? headers = null, ResponseBody? body = null, Http2Headers? trailers = null) =>
        TrySendResponse(status, headers, body, trailers);

    /// <summary>Sends the response, as <see cref="SendResponse"/> does, and tells whether it was sent.</summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">The header fields without <c>:status</c>, or null for none.</param>
    /// <param name="body">The body, or null for none. It is disposed of after use, and also when the response cannot be sent.</param>
    /// <param name="trailers">The trailer fields to send after the body, or null for none.</param>
    /// <returns>
    /// False when the stream is closed, or when the server answered it because a callback had failed. On a thread that is not the connection's
    /// own, true means that the stream was not closed yet when this was called.
    /// </returns>
    /// <exception cref="Http2MisuseException">A response was sent before, or the status or a field is not one that may be sent.</exception>
    public bool TrySendResponse(
        int status = 200, Http2Headers? headers = null, ResponseBody? body = null, Http2Headers? trailers = null) =>
        Serving.Answers.Respond(
            this, new Http2Response { Status = status, Headers = headers ?? Http2Headers.Empty, Body = body, Trailers = trailers });

    /// <summary>
    /// Pushes a response that the client did not ask for (RFC 9113 §8.4). It must be called before <see cref="SendResponse"/>. The promised request
    /// has the scheme and the authority of this one.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request, with its query.</param>
    /// <param name="method">The method of the promised request: GET or HEAD.</param>
    /// <param name="requestHeaders">The header fields of the promised request, or null for none.</param>
    /// <param name="status">The status of the pushed response, 200 to 999.</param>
    /// <param name="headers">The header fields of the pushed response, or null for none.</param>
    /// <param name="body">The body of the pushed response, or null for none.</param>
    /// <returns>
    /// The handler of the pushed stream, which the server's factory made; it is answered already, and OnClose is its only callback. Null when this
    /// stream is closed; then nothing is pushed.
    /// </returns>
    /// <exception cref="Http2MisuseException">The client disabled push, a limit is reached, or this stream's response was sent.</exception>
    public Http2RequestHandler? Push(
        string path, string method = "GET", Http2Headers? requestHeaders = null, int status = 200, Http2Headers? headers = null,
        ResponseBody? body = null) =>
        (Http2RequestHandler?)Serving.Pushes.Push(
            this, path, method, requestHeaders ?? Http2Headers.Empty,
            new Http2Response { Status = status, Headers = headers ?? Http2Headers.Empty, Body = body });

    /// <summary>
    /// Pushes a response, as <see cref="Push"/> does, and tells whether it was pushed instead of throwing when the client takes no pushes or is
    /// gone. The body of a response that cannot be pushed is disposed of.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request, with its query.</param>
    /// <param name="pushed">The handler of the pushed stream, or null when nothing was pushed.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="method">The method of the promised request: GET or HEAD.</param>
    /// <param name="requestHeaders">The header fields of the promised request, or null for none.</param>
    /// <returns>False when nothing was pushed, because the client takes no pushes, a limit is reached, or the client is gone.</returns>
    /// <exception cref="Http2MisuseException">This stream's response was sent, or an argument is not one for a push.</exception>
    public bool TryPush(
        string path, Http2Response response, [NotNullWhen(true)] out Http2RequestHandler? pushed, string method = "GET",
        Http2Headers? requestHeaders = null)
    {
        pushed = (Http2RequestHandler?)Serving.Pushes.TryPush(this, path, method, requestHeaders ?? Http2Headers.Empty, response);
        return pushed is not null;
    }

    private protected sealed override bool IsBodyBegun => _isBodyBegun;

    /// <summary>OnHeaders has returned: from here on the limit of the body is in force. Owner only.</summary>
    /// <returns>Whether the body is within it, as far as is known.</returns>
    internal bool BeginBody()
    {
        _isBodyBegun = true;
        return BodyLimit is not { } limit || limit.Begin(DeclaredLength);
    }

    /// <summary>Lets a client that waits for 100 (Continue) send the body, unless the handler does that itself.</summary>
    internal override void WantBody()
    {
        if (AutoContinue)
            Gate?.Want();
    }

    /// <summary>Counts octets of the body before they are delivered. Owner only.</summary>
    /// <returns>Whether the body is within its limit.</returns>
    internal bool CountBody(int octets) => BodyLimit is not { } limit || limit.Count(octets);

}
