using System.IO.Pipelines;
using System.Threading.Channels;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// One request of a client with its response. What waits for it goes on on the thread pool. The body has one reader at a time; all other members are
/// safe on any thread. Whoever does not read a body to its end resets the stream (<see cref="Http2Stream.Reset"/>), completes <see cref="Body"/>, or
/// disposes of <see cref="BodyStream"/>: until then its octets hold memory.
/// </summary>
/// <remarks>
/// What fails tells how by its exception: <see cref="Http2NotProcessedException"/> (the request may be sent again),
/// <see cref="Http2ProtocolException"/> (the server broke a rule), <see cref="Http2StreamClosedException"/> (the stream was reset, or the connection
/// lost), <see cref="TimeoutException"/> (a deadline of the options), <see cref="OperationCanceledException"/> (the token of the request), or what
/// the request's own body has thrown.
/// </remarks>
public sealed partial class Http2ClientStream : Http2ClientExchange
{
    internal Http2ClientStream()
    {
    }

    /// <summary>The head of the final response. It fails when the stream is closed before that has come.</summary>
    public Task<Http2ResponseHead> Response => ResponseTask();

    /// <summary>The response's body, to be read as a pipe. Reading fails when the stream is closed before the body has ended.</summary>
    public PipeReader Body => OpenBody();

    /// <summary>
    /// The response's body, to be read as a stream; reading fails as it does for <see cref="Body"/>. It may be read synchronously too: such a read
    /// blocks its thread until octets come.
    /// </summary>
    public Stream BodyStream => Body.AsStream();

    /// <summary>
    /// The informational responses (RFC 9110 §15.2), in order, as they come; it ends when the final response comes or the stream is closed. One reader.
    /// </summary>
    public IAsyncEnumerable<Http2ResponseHead> Informational => OpenInformational().Reader.ReadAllAsync();

    /// <summary>
    /// The responses that the server pushes for this one (RFC 9113 §8.4), in order, as they are promised, when the request takes them
    /// (<see cref="Http2ClientRequest.TakesPushes"/>); it ends when the stream is closed. One that is not wanted is reset. One reader.
    /// </summary>
    public IAsyncEnumerable<Http2ClientStream> Pushes => OpenPushes().Reader.ReadAllAsync();

    /// <summary>Completes when the head of the final response has come, and fails as <see cref="Response"/> does.</summary>
    internal Task Headed
    {
        get
        {
            var extras = Extras;
            if (Volatile.Read(ref extras.Headed) is not { } headed)
            {
                var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                headed = Interlocked.CompareExchange(ref extras.Headed, fresh, null) ?? fresh;
            }
            // As below.
            if (HasResponse)
                headed.TrySetResult();
            else if (IsClosed)
                Fail(headed, FailureNow());
            return headed.Task;
        }
    }

    private Task<Http2ResponseHead> ResponseTask()
    {
        var extras = Extras;
        if (Volatile.Read(ref extras.Response) is not { } response)
        {
            var fresh = new TaskCompletionSource<Http2ResponseHead>(TaskCreationOptions.RunContinuationsAsynchronously);
            response = Interlocked.CompareExchange(ref extras.Response, fresh, null) ?? fresh;
        }
        // The head, or the end, may have come before whoever brought it could see the source.
        if (HasResponse)
            response.TrySetResult(Head);
        else if (IsClosed)
            Fail(response, FailureNow());
        return response.Task;
    }
}
