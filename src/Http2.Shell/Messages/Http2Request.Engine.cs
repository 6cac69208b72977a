using Http2.Pure;

namespace Http2.Shell;

/// <content>How the engine drives a delegate.</content>
public sealed partial class Http2Request
{
    private volatile bool _received;

    internal Http2Request()
    {
    }

    private protected override bool IsBodyBegun => RareOrNone?.Body is { HasBegun: true };

    internal override long WaitedForBody(long now, out bool isRunning)
    {
        isRunning = false;
        return RareOrNone is { } rare && Volatile.Read(ref rare.Body) is { } body ? body.Waited(now, out isRunning) : 0;
    }

    /// <summary>Tells it to the delegate, or to whoever reads the body. Owner only.</summary>
    /// <returns>False when the delegate, or what waited for the body, was left behind.</returns>
    internal bool Deliver(in Delivery delivery) => delivery.Kind switch
    {
        Delivery.Kinds.Headers => DeliverHeaders(delivery.IsWhole),
        Delivery.Kinds.Data => DeliverData(delivery.Data),
        Delivery.Kinds.Done => DeliverRequestDone(),
        _ => DeliverClose(delivery.Code),
    };

    /// <summary>A call of user code was left behind. Owner only.</summary>
    /// <param name="stop">What cancels it, when it was the delegate itself.</param>
    internal void LeaveBehind(CancellationTokenSource? stop)
    {
        if (stop is not null)
            Rare.Stop = stop;
    }

    private bool DeliverHeaders(bool endStream)
    {
        _received = endStream;
        var stop = Engine.BorrowStop();
        Http2Response? response = null;
        ValueTask<Http2Response> answer;
        var call = Engine.BeginCall(this, stop);
        try
        {
            answer = Engine.CallDelegate(this, stop.Token);
            if (answer.IsCompletedSuccessfully)
                response = Checked(answer.Result).Settled();
        }
        catch (Exception failure)
        {
            answer = ValueTask.FromException<Http2Response>(failure);
        }
        if (!Engine.EndCall(call))
        {
            new DelegateCall(this, response is null ? answer : new(response)).BeginLeftBehind();
            return false;
        }
        if (response is not null)
        {
            TryAnswer(response, stop);
            return true;
        }
        Rare.Stop = stop;
        new DelegateCall(this, answer).Begin();
        return true;
    }

    private bool DeliverData(ReadOnlyMemory<byte> data)
    {
        bool isRead;
        Resumption resumption;
        Resumption.Hold();
        try
        {
            isRead = OpenBody().Write(data.Span);
        }
        finally
        {
            resumption = Resumption.Take();
        }
        if (!isRead)
            Engine.Consume(this, data.Length);
        return Engine.GoOn(this, resumption, Delivery.Kinds.Data);
    }

    private bool DeliverRequestDone()
    {
        _received = true;
        // Whoever opens the body now must see that, or be seen here.
        Interlocked.MemoryBarrier();
        return RareOrNone?.Body is not { } body || End(body, null, Delivery.Kinds.Done);
    }

    private bool DeliverClose(ErrorCode code)
    {
        RareOrNone?.Body?.Close();
        if (WorkInProgress > 0 && RareOrNone?.Stop is { } stop)
            Engine.Cancel(this, stop);
        if (_received)
            return true;
        // Whoever opens the body now must see why, or be seen here.
        Rare.ClosedWith = code;
        Interlocked.MemoryBarrier();
        return Rare.Body is not { } body || End(body, new Http2StreamClosedException(code), Delivery.Kinds.Close);
    }

    private bool End(RequestBody body, Exception? reason, Delivery.Kinds kind)
    {
        Resumption resumption;
        Resumption.Hold();
        try
        {
            body.End(reason);
        }
        finally
        {
            resumption = Resumption.Take();
        }
        return Engine.GoOn(this, resumption, kind);
    }

    private static Http2Response Checked(Http2Response? response) =>
        response ?? throw new InvalidOperationException("The handler returned no response.");

    // Called by the owner.
    private void TryAnswer(Http2Response response, CancellationTokenSource stop)
    {
        try
        {
            Answer(response, stop);
        }
        catch (Http2MisuseException late) when (late.Misuse == Misuse.StreamClosed)
        {
            // Its end has happened and is about to be told; the body has been given up.
        }
        catch (Exception failure)
        {
            Engine.FailHandler(this, failure);
        }
    }

    private void Answer(Http2Response response, CancellationTokenSource stop)
    {
        if (response.Body is StreamBody answer && RareOrNone?.Body is { } body && !body.TryBegin(answer))
        {
            Engine.Discard(this, answer);
            throw BodyLimit!.Passed();
        }
        var isAtHand = response.Body is null or FixedBody or FileBody;
        // A body that is still to be read may read the request's, which a client that waits for 100 would not send after a final status.
        if (!isAtHand && RareOrNone is { Body: not null, Gate: { HasBegun: false } gate })
        {
            Rare.Stop = stop;
            new DelegateCall(this, gate.HoldAsync(response)).Begin();
            return;
        }
        Engine.Respond(this, response);
        // Such a body may have been given the token, too.
        if (isAtHand)
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

        /// <summary>Waits for the answer. Owner only.</summary>
        public void Begin()
        {
            request.BeginWork();
            if (_answer.IsCompleted)
                OnAnswered();
            else
                _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
        }

        /// <summary>The same for a call that was left behind and is counted as work already. The thread that was in the call only.</summary>
        public void BeginLeftBehind()
        {
            if (!_answer.IsCompleted)
            {
                _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
                return;
            }
            TakeAnswer();
            request.Engine.PostQuietly(this);
        }

        public override void Run(Http2Connection connection)
        {
            request.EndWork();
            if (_response is not null && request.IsClosed)
                connection.Discard(request, _response.Body);
            else if (_response is not null)
                request.TryAnswer(_response, request.Rare.Stop!);
            else if (!request.IsClosed || !TellsOfClose(_failure!))
                connection.FailHandler(request, _failure!);
            connection.RetireWhenIdle(request);
        }

        // The stream went away under the handler, and that is how it was told; a handler that waits for results gets it in a collection.
        private static bool TellsOfClose(Exception failure) =>
            failure is OperationCanceledException or Http2StreamClosedException
            || (failure is AggregateException several && several.Flatten().InnerExceptions.All(TellsOfClose));

        private void OnAnswered()
        {
            TakeAnswer();
            request.Engine.PostFromOutside(this);
        }

        // On the thread that has the answer: what makes its trailers is user code.
        private void TakeAnswer()
        {
            try
            {
                _response = Checked(_answer.GetAwaiter().GetResult()).Settled();
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
        }
    }
}
