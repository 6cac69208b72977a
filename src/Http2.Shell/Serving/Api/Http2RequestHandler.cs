using System.Diagnostics.CodeAnalysis;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Handles one stream by callbacks; derive from it and hand its factory to <see cref="Http2Server"/>. The callbacks come in the order <see
/// cref="OnHeaders"/>, <see cref="OnData"/> (any number of times), <see cref="OnRequestDone"/>, <see cref="OnClose"/>, never concurrently
/// for one stream; OnClose comes exactly once whatever happens, and after it nothing. Each has a twin that returns a task (<see
/// cref="OnHeadersAsync"/> and so on): override the one or the other. While a task is not complete the stream's next callback waits for it;
/// <see cref="Http2Stream.Aborted"/> and <see cref="Http2Stream.Closed"/> tell it meanwhile that the client has gone. Never override
/// with <c>async void</c>: nobody sees what becomes of it, and an exception in it ends the process.
/// <para>
/// An exception in a callback, or in its task, is logged and answered with status 500 (<see cref="Http2ServerOptions.FailureResponse"/>);
/// when the response was sent before, it resets the stream with INTERNAL_ERROR. After it only OnClose comes. A callback may
/// block, and may wait for other threads: after some milliseconds its connection goes on without it on another thread, and further callbacks of
/// its stream wait until it has returned. So those of different streams may run concurrently.
/// </para>
/// </summary>
public abstract partial class Http2RequestHandler : Http2Exchange
{
    private volatile bool _isBodyBegun;

    /// <summary>
    /// Whether data count as consumed when <see cref="OnData"/> returns. When false the client may send no more than a window's worth
    /// beyond what <see cref="Consume"/> acknowledged. Default true.
    /// </summary>
    protected bool AutoConsume { get; set; } = true;

    /// <summary>
    /// Whether a client that waits for 100 (Continue) before it sends the body (<c>expect: 100-continue</c>, RFC 9110 §10.1.1) gets it when
    /// <see cref="OnHeaders"/> returns and has not answered. When false, <see cref="Http2Exchange.SendInformational"/> with 100 says so
    /// later, and a final response says that the body is not wanted. Default true.
    /// </summary>
    protected bool AutoContinue { get; set; } = true;

    /// <summary>The request's head was received.</summary>
    protected virtual void OnHeaders()
    {
    }

    /// <summary>A part of the request's body was received.</summary>
    /// <param name="chunk">The octets; valid during the call only.</param>
    protected virtual void OnData(ReadOnlyMemory<byte> chunk)
    {
    }

    /// <summary>The whole request was received, <see cref="Http2Exchange.Trailers"/> included.</summary>
    protected virtual void OnRequestDone()
    {
    }

    /// <summary>The stream is closed; nothing can be sent any more. For a pushed stream this is the only callback.</summary>
    /// <param name="errorCode">NO_ERROR when both sides ended it as they should; else the code of the RST_STREAM or GOAWAY.</param>
    protected virtual void OnClose(ErrorCode errorCode)
    {
    }

    /// <summary>
    /// Gives credit back for data that <see cref="OnData"/> delivered while <see cref="AutoConsume"/> was false. Any thread.
    /// </summary>
    /// <param name="octets">How many octets; the sum may not exceed what was delivered.</param>
    public void Consume(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        Engine.Commands.Consume(this, octets);
    }

    /// <summary>
    /// Sends the response. Callable once, in any callback or later, from any thread. HEAD, 204 and 304 send no body; <c>content-length</c>
    /// is added when the length is known, and <c>date</c>.
    /// </summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">Fields; <c>:status</c> is not among them.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="trailers">Trailers to send behind the body, or null for none.</param>
    /// <remarks>
    /// Without effect, apart from disposing of the body, when the stream is closed; see <see cref="TrySendResponse"/>. A body is disposed of also
    /// when the response is refused with an exception.
    /// </remarks>
    /// <exception cref="Http2MisuseException">A response was sent before, or the status or a field is not one that may be sent.</exception>
    public void SendResponse(int status = 200, Http2Headers? headers = null, ResponseBody? body = null, Http2Headers? trailers = null) =>
        TrySendResponse(status, headers, body, trailers);

    /// <summary>The same as <see cref="SendResponse"/>, and answers whether the response was sent.</summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">Fields; <c>:status</c> is not among them.</param>
    /// <param name="body">The body, or null for none; disposed of after use, and when it cannot be sent.</param>
    /// <param name="trailers">Trailers to send behind the body, or null for none.</param>
    /// <returns>
    /// False when the stream is closed, or was answered by the server because a callback had failed. From another thread than the
    /// connection's, true says that the stream was not closed when it was asked.
    /// </returns>
    /// <exception cref="Http2MisuseException">A response was sent before, or the status or a field is not one that may be sent.</exception>
    public bool TrySendResponse(
        int status = 200, Http2Headers? headers = null, ResponseBody? body = null, Http2Headers? trailers = null) =>
        Serving.Answers.Respond(
            this, new Http2Response { Status = status, Headers = headers ?? Http2Headers.Empty, Body = body, Trailers = trailers });

    /// <summary>
    /// Pushes a response that the client did not ask for (RFC 9113 §8.4); before <see cref="SendResponse"/>. Scheme and authority are those
    /// of this request.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request.</param>
    /// <param name="method">Its method; safe and without body (RFC 9113 §8.4): GET or HEAD.</param>
    /// <param name="requestHeaders">Its fields.</param>
    /// <param name="status">The status of the pushed response.</param>
    /// <param name="headers">Its fields.</param>
    /// <param name="body">Its body.</param>
    /// <returns>
    /// The handler of the pushed stream, made by the same factory; it is answered already and gets OnClose only. Null, and nothing is pushed,
    /// when this stream is closed.
    /// </returns>
    /// <exception cref="Http2MisuseException">The client disabled push, a limit is reached, or this stream's response was sent.</exception>
    public Http2RequestHandler? Push(
        string path, string method = "GET", Http2Headers? requestHeaders = null, int status = 200, Http2Headers? headers = null,
        ResponseBody? body = null) =>
        (Http2RequestHandler?)Serving.Pushes.Push(
            this, path, method, requestHeaders ?? Http2Headers.Empty,
            new Http2Response { Status = status, Headers = headers ?? Http2Headers.Empty, Body = body });

    /// <summary>
    /// The same as <see cref="Push"/>, for whom the client may leave, go away or refuse pushes at any time. The body of a response that
    /// cannot be pushed is disposed of.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request.</param>
    /// <param name="pushed">The handler of the pushed stream.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="method">The promised method: GET or HEAD.</param>
    /// <param name="requestHeaders">Fields of the promised request.</param>
    /// <returns>False when nothing was promised, because the client does not take it or is gone.</returns>
    /// <exception cref="Http2MisuseException">This stream's response was sent, or an argument is not one for a push.</exception>
    public bool TryPush(
        string path, Http2Response response, [NotNullWhen(true)] out Http2RequestHandler? pushed, string method = "GET",
        Http2Headers? requestHeaders = null)
    {
        pushed = (Http2RequestHandler?)Serving.Pushes.TryPush(this, path, method, requestHeaders ?? Http2Headers.Empty, response);
        return pushed is not null;
    }

    /// <summary>What waits for a callback that was left behind, or null when none was. Owner only.</summary>
    internal Absence? Absence
    {
        get => ExtrasOrNone?.Absence;
        set => Extras.Absence = value;
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
    internal void WantBody()
    {
        if (AutoContinue)
            Gate?.Want();
    }

    /// <summary>Counts octets of the body before they are delivered. Owner only.</summary>
    /// <returns>Whether the body is within its limit.</returns>
    internal bool CountBody(int octets) => BodyLimit is not { } limit || limit.Count(octets);

}
