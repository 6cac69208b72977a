using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <content>How the engine drives a delegate.</content>
public sealed partial class Http2Request
{
    // Readers go on where the octets came in, as callbacks do.
    private static readonly PipeOptions BodyOptions = IncomingBody.OptionsFor(Resumption.Scheduler);

    internal Http2Request()
    {
    }

    private protected override bool IsBodyBegun => ExtrasOrNone?.Body is { HasBegun: true };

    internal override void WantBody() => Gate?.Want();

    internal override long WaitedForBody(long now, out bool isRunning)
    {
        isRunning = false;
        return ExtrasOrNone is { } extras && Volatile.Read(ref extras.Body) is { } body ? body.Waited(now, out isRunning) : 0;
    }

    internal override void LeaveBody()
    {
        if (ExtrasOrNone?.Body is { HasBegun: false } body)
            body.Complete();
    }

    // Each answers false when the delegate, or what waited for the body, was left behind. Owner only.
    internal bool DeliverHeaders(bool endStream)
    {
        IsReceived = endStream;
        Http2Response? response = null;
        ValueTask<Http2Response> answer;
        var call = Engine.Owner.BeginCall(this);
        try
        {
            answer = Serving.Host.CallDelegate(this);
            if (answer.IsCompletedSuccessfully)
                response = Checked(answer.Result).Settled();
        }
        catch (Exception failure)
        {
            answer = ValueTask.FromException<Http2Response>(failure);
        }
        if (!Engine.Owner.EndCall(call))
        {
            new DelegateCall(this, response is null ? answer : new(response)).BeginLeftBehind();
            return false;
        }
        if (response is not null)
        {
            TryAnswer(response);
            return true;
        }
        new DelegateCall(this, answer).Begin();
        return true;
    }

    internal bool DeliverData(ReadOnlyMemory<byte> data)
    {
        bool isRead;
        Resumption resumption;
        Resumption.Hold();
        try
        {
            if (IsUnread && Succeeds && ExtrasOrNone?.Body is null)
                OpenBody().Complete();
            isRead = OpenBody().Write(data.Span);
        }
        finally
        {
            resumption = Resumption.Take();
        }
        if (!isRead)
            Engine.Commands.Consume(this, data.Length);
        return Serving.Calls.GoOn(this, resumption, Delivery.Kinds.Data);
    }

    internal bool DeliverRequestDone()
    {
        // The end came with the head, so the body was ended when it was opened.
        if (IsReceived)
            return true;
        IsReceived = true;
        // Full fence: either a thread that opens the body now sees IsReceived, or its body is seen here.
        Interlocked.MemoryBarrier();
        return ExtrasOrNone?.Body is not { } body || End(body, null, Delivery.Kinds.Done);
    }

    internal bool DeliverClose(ErrorCode code)
    {
        ExtrasOrNone?.Body?.Close();
        if (IsReceived)
            return true;
        // Full fence: either a thread that opens the body now sees ClosedWith, or its body is seen here.
        Extras.ClosedWith = code;
        Interlocked.MemoryBarrier();
        return Extras.Body is not { } body || End(body, new Http2StreamClosedException(code), Delivery.Kinds.Close);
    }

    private bool End(IncomingBody body, Exception? reason, Delivery.Kinds kind)
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
        return Serving.Calls.GoOn(this, resumption, kind);
    }

    private static Http2Response Checked(Http2Response? response) =>
        response ?? throw new InvalidOperationException("The handler returned no response.");

    // Called by the owner.
    private void TryAnswer(Http2Response response)
    {
        try
        {
            Answer(response);
        }
        catch (Exception failure)
        {
            Serving.Failures.Fault(this, "the delegate", failure);
        }
    }

    private void Answer(Http2Response response)
    {
        if (response.Body is StreamBody answer && ExtrasOrNone?.Body is { } body && !body.TryBegin(answer))
        {
            Serving.Responder.Discard(this, answer);
            throw BodyLimit!.Passed();
        }
        // A body that is still to be read may read the request's, which a client that waits for 100 would not send after a final status.
        if (response.Body is not (null or FixedBody or FileBody) && ExtrasOrNone is { Body: not null, Gate: { HasBegun: false } gate })
        {
            new DelegateCall(this, gate.HoldAsync(response)).Begin();
            return;
        }
        Abandon();
        try
        {
            Serving.Answers.RespondAsOwner(this, response);
        }
        catch
        {
            Serving.Responder.Discard(this, response.Body);
            throw;
        }
    }

    // The reader may ask first, or the first octets may come first, on different threads.
    private IncomingBody OpenBody()
    {
        var extras = Extras;
        if (Volatile.Read(ref extras.Body) is { } there)
            return there;
        var fresh = new IncomingBody(this, BodyOptions);
        var body = Interlocked.CompareExchange(ref extras.Body, fresh, null) ?? fresh;
        // The end may have come between the look and the exchange.
        if (IsReceived)
            body.End(null);
        else if (IsClosed)
            body.End(new Http2StreamClosedException(extras.ClosedWith));
        return body;
    }

    /// <summary>A call that did not complete at once: its end comes as a task.</summary>
    private sealed class DelegateCall(Http2Request request, ValueTask<Http2Response> answer) : OwnerTask
    {
        private readonly ValueTask<Http2Response> _answer = answer;
        private Http2Response? _response;
        private Exception? _failure;

        // A body that must be read is the user's code.
        internal override bool IsBrief => _response is { Body: null or FixedBody };

        /// <summary>Waits for the answer. Owner only.</summary>
        public void Begin()
        {
            request.BeginWork();
            if (_answer.IsCompleted)
                OnAnswered();
            else
                _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
        }

        /// <summary>
        /// Waits for the answer of a call that was left behind, and that is counted as work already. For the thread that was in the call.
        /// </summary>
        public void BeginLeftBehind()
        {
            if (!_answer.IsCompleted)
            {
                _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
                return;
            }
            TakeAnswer();
            request.Engine.Owner.PostQuietly(this);
        }

        public override void Run()
        {
            request.EndWork();
            if (_response is not null && request.IsClosed)
                request.Serving.Responder.Discard(request, _response.Body);
            else if (_response is not null)
                request.TryAnswer(_response);
            else
                request.Serving.Failures.Fault(request, "the delegate", _failure!);
            request.Engine.Streams.RetireWhenIdle(request);
        }

        private void OnAnswered()
        {
            TakeAnswer();
            request.Engine.Owner.Post(this);
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
