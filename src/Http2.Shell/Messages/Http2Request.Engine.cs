using Http2.Pure;

namespace Http2.Shell;

/// <content>How the engine drives a delegate.</content>
public sealed partial class Http2Request
{
    private volatile bool _received;

    internal Http2Request()
    {
    }

    internal override void DeliverHeaders(bool endStream)
    {
        _received = endStream;
        var answer = Engine.CallDelegate(this);
        if (answer.IsCompletedSuccessfully)
            Answer(answer.Result);
        else
            new DelegateCall(this, answer).Begin();
    }

    internal override void DeliverData(ReadOnlyMemory<byte> data)
    {
        if (!OpenBody().Write(data.Span))
            Engine.Consume(this, data.Length);
    }

    internal override void DeliverRequestDone()
    {
        _received = true;
        // Whoever opens the body now must see that, or be seen here.
        Interlocked.MemoryBarrier();
        RareOrNone?.Body?.End(null);
    }

    internal override bool DeliverClose(ErrorCode code)
    {
        if (!_received)
        {
            // Whoever opens the body now must see why, or be seen here.
            Rare.ClosedWith = code;
            Interlocked.MemoryBarrier();
            Rare.Body?.End(new Http2StreamClosedException(code));
        }
        return true;
    }

    // Called by the owner.
    private void Answer(Http2Response? response)
    {
        if (response is null)
            throw new InvalidOperationException("The handler returned no response.");
        Abandon();
        try
        {
            Engine.Respond(this, response);
        }
        catch
        {
            Engine.Discard(this, response.Body);
            throw;
        }
    }

    // The reader may ask first, or the first octets may come first, on different threads.
    private RequestBody OpenBody()
    {
        var rare = Rare;
        if (Volatile.Read(ref rare.Body) is { } there)
            return there;
        var fresh = new RequestBody(this);
        var body = Interlocked.CompareExchange(ref rare.Body, fresh, null) ?? fresh;
        // The end may have come between the look and the exchange.
        if (_received)
            body.End(null);
        else if (IsClosed)
            body.End(new Http2StreamClosedException(rare.ClosedWith));
        return body;
    }

    /// <summary>A call that did not complete at once: its end comes as mail.</summary>
    private sealed class DelegateCall(Http2Request request, ValueTask<Http2Response> answer) : Mail
    {
        private readonly ValueTask<Http2Response> _answer = answer;

        public void Begin()
        {
            request.BeginWork();
            _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => request.Engine.PostFromOutside(this));
        }

        public override void Run(Http2Connection connection)
        {
            request.EndWork();
            try
            {
                request.Answer(_answer.GetAwaiter().GetResult());
            }
            catch (Exception failure)
            {
                connection.Fault(request, "the delegate", failure);
            }
            connection.RetireWhenIdle(request);
        }
    }
}
