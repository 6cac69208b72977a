using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Calls handlers and delegates, and does what follows when they have returned. What becomes of a call that does not come back is the matter of
/// <see cref="Callbacks"/>. Belongs to the connection's owner.
/// </summary>
/// <param name="role">The server's end of the connection.</param>
internal sealed class HandlerCalls(ServingRole role)
{
    private readonly ConnectionOwner _owner = role.Connection.Owner;

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
        return role.Connection.Callbacks.Tell(handler, delivery, delivery.Kind == Delivery.Kinds.Data && handler.MustKeepData);
    }

    /// <summary>A callback, and its task, have come back.</summary>
    public void Returned(Http2RequestHandler handler, Delivery.Kinds kind, int octets, Exception? failure)
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
