using System.Runtime.ExceptionServices;
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
        var stop = Engine.BorrowStop();
        var answer = Engine.CallDelegate(this, stop.Token);
        if (answer.IsCompletedSuccessfully)
        {
            Answer(answer.Result, stop);
            return;
        }
        Rare.Stop = stop;
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

    internal override void DeliverClose(ErrorCode code)
    {
        if (!_received)
        {
            // Whoever opens the body now must see why, or be seen here.
            Rare.ClosedWith = code;
            Interlocked.MemoryBarrier();
            Rare.Body?.End(new Http2StreamClosedException(code));
        }
        if (WorkInProgress > 0)
            RareOrNone?.Stop?.Cancel();
    }

    // Called by the owner.
    private void Answer(Http2Response? response, CancellationTokenSource stop)
    {
        if (response is null)
            throw new InvalidOperationException("The handler returned no response.");
        Engine.Respond(this, response);
        // A body that is still to be read may have been given the token.
        if (response.Body is null or FixedBody or FileBody)
        {
            if (RareOrNone is { } rare)
                rare.Stop = null;
            Engine.GiveBackStop(stop);
        }
        else
        {
            Rare.Stop = stop;
        }
        Abandon();
        Engine.EndUnreadRequest(this);
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
        private Http2Response? _response;
        private Exception? _failure;

        // A body that must be read is the user's code.
        internal override bool IsBrief => _response is { Body: null or FixedBody };

        public void Begin()
        {
            request.BeginWork();
            _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
        }

        public override void Run(Http2Connection connection)
        {
            request.EndWork();
            try
            {
                if (_failure is not null)
                    ExceptionDispatchInfo.Throw(_failure);
                if (request.IsClosed)
                    _response?.Body?.Discard();
                else
                    request.Answer(_response, request.Rare.Stop!);
            }
            catch (Exception failure) when (request.IsClosed && failure is OperationCanceledException or Http2StreamClosedException)
            {
                // The stream went away under the handler, and that is how it was told.
            }
            catch (Exception failure)
            {
                connection.FailHandler(request, failure);
            }
            connection.RetireWhenIdle(request);
        }

        private void OnAnswered()
        {
            try
            {
                _response = _answer.GetAwaiter().GetResult();
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
            request.Engine.PostFromOutside(this);
        }
    }
}
