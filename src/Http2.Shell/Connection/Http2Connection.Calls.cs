using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// Calls of user code, and what becomes of the connection when one does not come back: <see cref="Ownership"/> says who may take it. Every
/// call is made from the owner's loop with nothing half done, and what is left to do then lies in fields. So whoever takes over only has to note
/// what was left behind (<see cref="TryTakeAway"/>) and to run the loop; the thread that was left behind brings what came of the call as mail.
/// </content>
internal sealed partial class Http2Connection
{
    // What the owner has called, as long as it is in user code.
    private object? _callee;

    private Queue<IUserWork>? _work;
    private Births? _births;
    private int _absences;

    /// <summary>The call that the owner is in, or 0. Any thread.</summary>
    internal long CurrentCall => _ownership.Call;

    /// <summary>The call that <paramref name="thread"/> is in as the owner, or 0. Any thread.</summary>
    internal long CallOf(int thread)
    {
        // in this order: a thread that is the owner afterwards was it when it made the call
        var call = _ownership.Call;
        return _ownership.Thread == thread ? call : 0;
    }

    /// <summary>The owner is about to call user code: from now until <see cref="EndCall"/> it may lose the connection. Owner only.</summary>
    /// <param name="callee">What <see cref="TryTakeAway"/> tells that it was left behind.</param>
    internal long BeginCall(object callee)
    {
        _callee = callee;
        return _ownership.BeginCall();
    }

    /// <summary>The user code has returned.</summary>
    /// <returns>
    /// Whether the thread is the owner still. When not, it posts what came of the call with <see cref="PostQuietly"/> and returns to
    /// <see cref="RunRounds"/> without touching anything else.
    /// </returns>
    internal bool EndCall(long call)
    {
        if (!_ownership.EndCall(call))
            return false;
        _callee = null;
        return true;
    }

    // A delegate is told directly, since most requests are its; the others by what can wait until a callback has returned.
    private bool TellHeaders(Http2Exchange exchange, bool isWhole) => exchange is Http2Request request
        ? request.DeliverHeaders(isWhole)
        : Tell(exchange, new Delivery(Delivery.Kinds.Headers, IsWhole: isWhole));

    private bool TellData(Http2Exchange exchange, ReadOnlyMemory<byte> data) => exchange is Http2Request request
        ? request.DeliverData(data)
        : Tell(exchange, new Delivery(Delivery.Kinds.Data, data));

    private bool TellDone(Http2Exchange exchange) => exchange is Http2Request request
        ? request.DeliverRequestDone()
        : Tell(exchange, new Delivery(Delivery.Kinds.Done));

    private bool TellClose(Http2Exchange exchange, ErrorCode code) => exchange is Http2Request request
        ? request.DeliverClose(code)
        : Tell(exchange, new Delivery(Delivery.Kinds.Close, Code: code));

    /// <summary>Calls a handler back, or keeps that for the time when its last callback has returned. Owner only.</summary>
    /// <returns>False when the call was left behind.</returns>
    private bool Tell(Http2Exchange exchange, in Delivery delivery)
    {
        if (exchange is RefusedExchange refused)
        {
            refused.Deliver(delivery);
            return true;
        }
        var handler = (Http2RequestHandler)exchange;
        if (delivery.Kind == Delivery.Kinds.Data && !handler.CountBody(delivery.Data.Length))
        {
            RefuseBody(handler, handler.BodyLimit!.Passed());
            return true;
        }
        if (handler.Absence is not { } absence)
            return Call(handler, delivery.Kind == Delivery.Kinds.Data && handler.MustKeepData ? delivery.Kept() : delivery);
        absence.Add(delivery);
        return true;
    }

    /// <summary>Calls a handler back. Owner only.</summary>
    /// <returns>False when the call was left behind.</returns>
    internal bool Call(Http2RequestHandler handler, in Delivery delivery)
    {
        ValueTask returning;
        var call = BeginCall(handler);
        try
        {
            returning = handler.Deliver(delivery);
        }
        catch (Exception thrown)
        {
            returning = ValueTask.FromException(thrown);
        }
        var isOwner = EndCall(call);
        if (isOwner && returning.IsCompletedSuccessfully)
        {
            Returned(handler, delivery.Kind, delivery.Data.Length, failure: null);
            return true;
        }
        var mail = new ReturnMail(handler, delivery.Kind, delivery.Data.Length, returning);
        if (!isOwner)
        {
            mail.PostWhenReturned();
            return false;
        }
        if (returning.IsCompleted)
        {
            Returned(handler, delivery.Kind, delivery.Data.Length, mail.Failure());
            return true;
        }
        // Its further callbacks wait for the task as they do for a callback that was left behind.
        BeginAbsence(handler);
        mail.PostWhenReturned();
        return true;
    }

    /// <summary>A callback, and its task, have come back. Owner only.</summary>
    private void Returned(Http2RequestHandler handler, Delivery.Kinds kind, int octets, Exception? failure)
    {
        if (failure is not null)
            Fault(handler, new Delivery(kind).Name, failure);
        else if (kind == Delivery.Kinds.Headers && !handler.BeginBody())
            RefuseBody(handler, handler.BodyLimit!.Passed());
        else if (kind == Delivery.Kinds.Headers)
            handler.WantBody();
        else if (kind == Delivery.Kinds.Data)
            handler.ConsumeDelivered(octets);
        if (kind == Delivery.Kinds.Close)
            handler.TellClosed();
    }

    private void BeginAbsence(Http2RequestHandler handler)
    {
        var absence = handler.Absence;
        if (absence is null)
        {
            handler.Absence = absence = new Absence(handler);
            _absences++;
            handler.BeginWork();
        }
        absence.IsAway = true;
    }

    /// <summary>Goes on with what waited for a request's body, unless nothing did. Owner only.</summary>
    /// <returns>False when the call was left behind.</returns>
    internal bool GoOn(Http2Request request, Resumption resumption, Delivery.Kinds kind)
    {
        if (resumption.IsNone)
            return true;
        Exception? failure = null;
        var call = BeginCall(request);
        try
        {
            resumption.Run();
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        if (!EndCall(call))
        {
            PostQuietly(new GoneOnMail(request, kind, failure));
            return false;
        }
        if (failure is not null)
            Fault(request, new Delivery(kind).Name, failure);
        return true;
    }

    /// <summary>The callbacks that waited for the one that was left behind are done. Owner only.</summary>
    internal void EndAbsence(Http2RequestHandler handler)
    {
        handler.Absence = null;
        _absences--;
        handler.EndWork();
        RetireWhenIdle(handler);
    }

    /// <summary>Has user code called once the owner has nothing half done. Owner only.</summary>
    internal void AddWork(IUserWork work) => (_work ??= []).Enqueue(work);

    /// <summary>Gives a body up that is not sent. Owner only.</summary>
    internal void Discard(Http2Exchange exchange, ResponseBody? body)
    {
        if (body is StreamBody)
            AddWork(new Discarding(exchange.StreamId, body));
        else
            DiscardHere(exchange, body);
    }

    /// <summary>
    /// For a thread that is about to wait for something that the connection brings: when it is the owner it gives the connection away.
    /// </summary>
    internal void StepAside()
    {
        long call;
        while ((call = _ownership.CallOfThisThread()) != 0 && !TryTakeAway(call))
        {
            // Lent in this moment.
        }
    }

    /// <summary>Takes the connection away from a call that does not come back, and has it run by another thread. Any thread.</summary>
    /// <returns>False when the call has ended or was left behind before.</returns>
    internal bool TryTakeAway(long call)
    {
        if (!_ownership.TryRevoke(call))
            return false;
        try
        {
            LeaveBehind(_callee!);
            _callee = null;
        }
        finally
        {
            // The Running bit of the owner that was is that of the next one, so nobody else begins to run meanwhile.
            _ownership.Release();
            RunElsewhere();
        }
        return true;
    }

    internal void RunElsewhere() => _host.Scheduler.Schedule(this);

    private void LeaveBehind(object callee)
    {
        switch (callee)
        {
            case Http2Request request:
                request.BeginWork();
                break;
            case Http2RequestHandler handler:
                // It may be reading there.
                _input.Detach();
                BeginAbsence(handler);
                break;
            case BodyPump pump:
                pump.LeaveBehind();
                break;
            case ConnectionEvent.RequestReceived request:
                (_births ??= new Births()).Begin(request);
                // All of it is delivered again once there is somebody to deliver it to.
                _part = int.MaxValue;
                _host.Holdings.HandlerBegan();
                break;
            default:
                // Nothing depends on it.
                break;
        }
    }

    /// <summary>Does what was put off because it calls user code.</summary>
    private bool RunWork()
    {
        while (_work is not null && _work.TryDequeue(out var work))
        {
            if (!work.Run(this))
                return false;
        }
        return true;
    }

    /// <summary>A callback that was left behind, or whose task was not complete, has come back.</summary>
    private sealed class ReturnMail(Http2RequestHandler handler, Delivery.Kinds kind, int octets, ValueTask returning) : Mail
    {
        private readonly ValueTask _returning = returning;
        private Exception? _failure;

        /// <summary>What the callback failed with, once it has come back; asked for once.</summary>
        public Exception? Failure()
        {
            try
            {
                _returning.GetAwaiter().GetResult();
                return null;
            }
            catch (Exception thrown)
            {
                return thrown;
            }
        }

        public void PostWhenReturned()
        {
            if (_returning.IsCompleted)
            {
                _failure = Failure();
                // The thread that was left behind wakes the connection when it has left the methods that it is in.
                handler.Engine.PostQuietly(this);
                return;
            }
            _returning.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
            {
                _failure = Failure();
                handler.Engine.PostFromOutside(this);
            });
        }

        public override void Run(Http2Connection connection)
        {
            connection.Returned(handler, kind, octets, _failure);
            if (handler.Absence is not { } absence)
                return;
            absence.IsAway = false;
            connection.AddWork(absence);
        }
    }

    /// <summary>What waited for a request's body, and was left behind, has returned.</summary>
    private sealed class GoneOnMail(Http2Request request, Delivery.Kinds kind, Exception? failure) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (failure is not null)
                connection.Fault(request, new Delivery(kind).Name, failure);
            request.EndWork();
            connection.RetireWhenIdle(request);
        }
    }

    /// <summary>A constructor that was left behind has returned.</summary>
    private sealed class BirthMail(ConnectionEvent.RequestReceived request, Http2Exchange? handler, Exception? failure) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            connection._host.Holdings.HandlerEnded();
            var waiting = connection._births!.End(request.Id);
            if (handler is not null)
                connection.Admit(handler, request);
            else
                connection.FailMaking(request, failure!);
            connection.Core.Events.AddRange(waiting);
        }
    }
}
