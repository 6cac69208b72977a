using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The request of the delegate face. Its head is there from the start; the body is read as it comes, and window credit is given back as it
/// is read. Members that send are safe on any thread; the body has one reader.
/// </summary>
public sealed partial class Http2Request : Http2Exchange
{
    /// <summary>
    /// The body. Reading fails with <see cref="Http2StreamClosedException"/> when the stream is closed before the body has ended.
    /// </summary>
    public PipeReader Body => OpenBody();

    /// <summary>
    /// The body as a stream. It may be read synchronously too: such a read keeps its thread until octets come, or fails with
    /// <see cref="Http2StreamClosedException"/> when the stream is closed before.
    /// </summary>
    public Stream BodyStream => Body.AsStream();

    /// <summary>
    /// Pushes a response that the client did not ask for (RFC 9113 §8.4); before the handler returns. Scheme and authority are those of
    /// this request.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="method">The promised method: GET or HEAD.</param>
    /// <param name="requestHeaders">Fields of the promised request.</param>
    /// <returns>The pushed stream; <see cref="StreamId.Connection"/>, which is none, when this stream is closed.</returns>
    /// <exception cref="Http2MisuseException">The client disabled push, a limit is reached, or this stream's response was sent.</exception>
    public StreamId Push(string path, Http2Response response, string method = "GET", Http2Headers? requestHeaders = null) =>
        Serving.Pushes.Push(this, path, method, requestHeaders ?? Http2Headers.Empty, response)?.StreamId ?? StreamId.Connection;

    /// <summary>
    /// The same as <see cref="Push"/>, for whom the client may leave, go away or refuse pushes at any time. The body of a response that
    /// cannot be pushed is disposed of.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="pushed">The pushed stream.</param>
    /// <param name="method">The promised method: GET or HEAD.</param>
    /// <param name="requestHeaders">Fields of the promised request.</param>
    /// <returns>False when nothing was promised, because the client does not take it or is gone.</returns>
    /// <exception cref="Http2MisuseException">This stream's response was sent, or an argument is not one for a push.</exception>
    public bool TryPush(
        string path, Http2Response response, out StreamId pushed, string method = "GET", Http2Headers? requestHeaders = null)
    {
        var promised = Serving.Pushes.TryPush(this, path, method, requestHeaders ?? Http2Headers.Empty, response);
        pushed = promised?.StreamId ?? StreamId.Connection;
        return promised is not null;
    }
}
