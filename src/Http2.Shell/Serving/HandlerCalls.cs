using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Calls of handlers, and what becomes of one that does not come back: <see cref="Ownership"/> says who may take the connection then. Every
/// call is made from the owner's loop, between two transitions of the core. A thread that was left behind posts the result of its call as a
/// task. Belongs to the connection's owner.
/// </summary>
/// <param name="role">The server's end of the connection.</param>
internal sealed class HandlerCalls(ServingRole role)
{
    private readonly ConnectionOwner _owner = role.Connection.Owner;
    private int _absences;

    /// <summary>Whether callbacks have not come back, or their tasks are not complete.</summary>
    public bool HasAbsences => _absences > 0;

    /// <summary>Tells a handler of its request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="isWhole">Whether the head is all of it.</param>
    /// <returns>False when the call was left behind.</returns>
    public bool TellHeaders(Http2Exchange exchange, bool isWhole) => exchange is Http2Request request
        ? request.DeliverHeaders(isWhole)
        : Tell(exchange, new Delivery(Delivery.Kinds.Headers, IsWhole: isWhole));

    /// <summary>Calls a handler back, or keeps that for the time when its last callback has returned.</summary>
    /// <returns>False when the call was left behind.</returns>
    public bool Tell(Http2Exchange exchange, in Delivery delivery)
    {
        if (exchange is RefusedExchange refused)
        {
            refused.Deliver(delivery);
            return true;
        }
        var handler = (Http2RequestHandler)exchange;
        if (delivery.Kind == Delivery.Kinds.Data && !handler.CountBody(delivery.Data.Length))
        {
            role.Failures.RefuseBody(handler, handler.BodyLimit!.Passed());
            return true;
        }
        if (handler.Absence is not { } absence)
            return Call(handler, delivery.Kind == Delivery.Kinds.Data && handler.MustKeepData ? delivery.Kept() : delivery);
        absence.Add(delivery);
        return true;
    }

    /// <summary>Calls a handler back.</summary>
    /// <returns>False when the call was left behind.</returns>
    public bool Call(Http2RequestHandler handler, in Delivery delivery)
    {
        ValueTask returning;
        var call = _owner.BeginCall(handler);
        try
        {
            returning = handler.Deliver(delivery);
        }
        catch (Exception thrown)
        {
            returning = ValueTask.FromException(thrown);
        }
        var isOwner = _owner.EndCall(call);
        if (isOwner && returning.IsCompletedSuccessfully)
        {
            Returned(handler, delivery.Kind, delivery.Data.Length, failure: null);
            return true;
        }
        var task = new ReturnTask(this, handler, delivery.Kind, delivery.Data.Length, returning);
        if (!isOwner)
        {
            task.PostWhenReturned();
            return false;
        }
        if (returning.IsCompleted)
        {
            Returned(handler, delivery.Kind, delivery.Data.Length, task.Failure());
            return true;
        }
        // Its further callbacks wait for the task as they do for a callback that was left behind.
        BeginAbsence(handler);
        task.PostWhenReturned();
        return true;
    }

    /// <summary>A callback, and its task, have come back.</summary>
    private void Returned(Http2RequestHandler handler, Delivery.Kinds kind, int octets, Exception? failure)
    {
        if (failure is not null)
            role.Failures.Fault(handler, new Delivery(kind).Name, failure);
        else if (kind == Delivery.Kinds.Headers && !handler.BeginBody())
            role.Failures.RefuseBody(handler, handler.BodyLimit!.Passed());
        else if (kind == Delivery.Kinds.Headers)
            handler.WantBody();
        else if (kind == Delivery.Kinds.Data)
            handler.ConsumeDelivered(octets);
        if (kind == Delivery.Kinds.Close)
            handler.TellClosed();
    }

    /// <summary>Further callbacks of a handler wait for the one that it is in.</summary>
    public void BeginAbsence(Http2RequestHandler handler)
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

    /// <summary>Goes on with what waited for a request's body, unless nothing did.</summary>
    /// <returns>False when the call was left behind.</returns>
    public bool GoOn(Http2Request request, Resumption resumption, Delivery.Kinds kind)
    {
        if (resumption.IsNone)
            return true;
        Exception? failure = null;
        var call = _owner.BeginCall(request);
        try
        {
            resumption.Run();
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        if (!_owner.EndCall(call))
        {
            _owner.PostQuietly(new GoneOnTask(role, request, kind, failure));
            return false;
        }
        if (failure is not null)
            role.Failures.Fault(request, new Delivery(kind).Name, failure);
        return true;
    }

    /// <summary>The callbacks that waited for the one that was left behind are done.</summary>
    public void EndAbsence(Http2RequestHandler handler)
    {
        handler.Absence = null;
        _absences--;
        handler.EndWork();
        role.Connection.Streams.RetireWhenIdle(handler);
    }


    /// <summary>A callback that was left behind, or whose task was not complete, has come back.</summary>
    private sealed class ReturnTask(
        HandlerCalls calls, Http2RequestHandler handler, Delivery.Kinds kind, int octets, ValueTask returning) : OwnerTask
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
                calls._owner.PostQuietly(this);
                return;
            }
            _returning.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
            {
                _failure = Failure();
                calls._owner.Post(this);
            });
        }

        public override void Run()
        {
            calls.Returned(handler, kind, octets, _failure);
            if (handler.Absence is not { } absence)
                return;
            absence.IsAway = false;
            handler.Engine.Events.AddWork(absence);
        }
    }

    /// <summary>What waited for a request's body, and was left behind, has returned.</summary>
    private sealed class GoneOnTask(ServingRole role, Http2Request request, Delivery.Kinds kind, Exception? failure) : OwnerTask
    {
        public override void Run()
        {
            if (failure is not null)
                role.Failures.Fault(request, new Delivery(kind).Name, failure);
            request.EndWork();
            role.Connection.Streams.RetireWhenIdle(request);
        }
    }
}
