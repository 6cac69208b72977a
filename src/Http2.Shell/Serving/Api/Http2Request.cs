using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The request that a delegate answers. Its head is there from the start. Its body is read while it comes; the client gets window credit for
/// what was read (RFC 9113 §5.2). The body has one reader at a time; all other members are safe on any thread.
/// </summary>
public sealed partial class Http2Request : Http2Exchange
{
    /// <summary>
    /// The body, to be read as a pipe. Reading fails with <see cref="Http2StreamClosedException"/> when the stream is closed before the body has
    /// ended, with <see cref="Http2RequestTooLargeException"/> when the body is larger than <see cref="Http2Exchange.MaxRequestBodySize"/>, and
    /// with <see cref="Http2BodyBufferException"/> when more octets were examined than may be kept.
    /// </summary>
    public PipeReader Body => OpenBody();

    /// <summary>
    /// The body, to be read as a stream; reading fails as it does for <see cref="Body"/>. It may be read synchronously too: such a read blocks its
    /// thread until octets come.
    /// </summary>
    public Stream BodyStream => Body.AsStream();

    /// <summary>
    /// Pushes a response that the client did not ask for (RFC 9113 §8.4). It must be called before the delegate's task completes. The promised
    /// request has the scheme and the authority of this one.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request, with its query.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="method">The method of the promised request: GET or HEAD.</param>
    /// <param name="requestHeaders">The header fields of the promised request, or null for none.</param>
    /// <returns>
    /// The identifier of the pushed stream; 0 (<see cref="StreamId.Connection"/>) when this stream is closed and nothing was pushed.
    /// </returns>
    /// <exception cref="Http2MisuseException">The client disabled push, a limit is reached, or this stream's response was sent.</exception>
    public StreamId Push(string path, Http2Response response, string method = "GET", Http2Headers? requestHeaders = null) =>
        Serving.Pushes.Push(this, path, method, requestHeaders ?? Http2Headers.Empty, response)?.StreamId ?? StreamId.Connection;

    /// <summary>
    /// Pushes a response, as <see cref="Push"/> does, and tells whether it was pushed instead of throwing when the client takes no pushes or is
    /// gone. The body of a response that cannot be pushed is disposed of.
    /// </summary>
    /// <param name="path">The <c>:path</c> of the promised request, with its query.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="pushed">The identifier of the pushed stream; 0 when nothing was pushed.</param>
    /// <param name="method">The method of the promised request: GET or HEAD.</param>
    /// <param name="requestHeaders">The header fields of the promised request, or null for none.</param>
    /// <returns>False when nothing was pushed, because the client takes no pushes, a limit is reached, or the client is gone.</returns>
    /// <exception cref="Http2MisuseException">This stream's response was sent, or an argument is not one for a push.</exception>
    public bool TryPush(
        string path, Http2Response response, out StreamId pushed, string method = "GET", Http2Headers? requestHeaders = null)
    {
        var promised = Serving.Pushes.TryPush(this, path, method, requestHeaders ?? Http2Headers.Empty, response);
        pushed = promised?.StreamId ?? StreamId.Connection;
        return promised is not null;
    }
}
