using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What the user's code may do wrong (handlers, bodies, what they registered) and what becomes of its request: the connection and its other
/// streams never notice. Owner only, unless it says otherwise.
/// </summary>
/// <param name="role">The server's end of the connection.</param>
internal readonly struct HandlerFailures(ServingRole role)
{
    private static readonly Rule BodyTooLarge =
        new("policy", nameof(Http2ServerOptions.MaxRequestBodySize), "the body of a request is not larger than the server or its handler allows");

    private static readonly Http2Response DefaultFailure =
        new(500, [("content-type", "text/plain; charset=utf-8")], "500 Internal Server Error\n");

    /// <summary>
    /// An exception of a handler: it is logged and answered with status 500, or, when the response was sent before, with a reset. Nothing
    /// but OnClose comes after it. One that only says that the stream was closed is no failure.
    /// </summary>
    public void Fault(Http2Exchange exchange, string where, Exception failure)
    {
        if ((exchange.IsClosed && TellsOfTheEnd(failure)) || IsRefusedBody(exchange, failure))
            return;
        ServerLog.HandlerFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, where, failure);
        AnswerFailure(exchange, failure);
    }

    /// <summary>The body of a response failed: what was sent of it must not look complete.</summary>
    public void FailBody(Http2Exchange exchange, Exception failure)
    {
        if ((exchange.IsClosed && TellsOfTheEnd(failure)) || IsRefusedBody(exchange, failure))
            return;
        Log.BodyFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, failure);
        exchange.ResetAsOwner(role.Connection.Core, ErrorCode.InternalError, Http2CloseCause.ApplicationFailed);
    }

    /// <summary>Gives up the body of a response that the calling thread has given and that is not sent. Any thread.</summary>
    public void DiscardHere(Http2Exchange exchange, ResponseBody? body)
    {
        try
        {
            body?.Discard();
        }
        catch (Exception failure)
        {
            Log.BodyFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, failure);
        }
    }

    /// <summary>Tells the owner of a file that was read whole.</summary>
    public void GiveBack(Http2Exchange exchange, FileBody file)
    {
        try
        {
            file.GiveBack();
        }
        catch (Exception failure)
        {
            Log.BodyFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, failure);
        }
    }

    /// <summary>Sends a response that another thread has given, which nobody waits for.</summary>
    public void RespondLate(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            var refusal = role.Responder.Respond(exchange, response);
            if (refusal is Refusal.None or Refusal.StreamClosed)
                return;
            ServerLog.ResponseRefused(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, RefusalText.Of(refusal));
            role.Responder.Discard(exchange, response.Body);
            exchange.TakeBackAnswer();
            AnswerFailure(exchange, RefusalText.Exception(refusal));
        }
        catch (Exception failure)
        {
            Log.BodyFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, failure);
            role.Responder.Discard(exchange, response.Body);
            exchange.TakeBackAnswer();
            AnswerFailure(exchange, failure);
        }
    }

    /// <summary>
    /// The request's body is larger than it may be: 413 when nothing was answered yet (RFC 9110 §15.5.14). A response that is complete stays,
    /// and any other ends with the stream. What still comes of the body is dealt with like one that nobody reads.
    /// </summary>
    public void RefuseBody(Http2Exchange exchange, Http2RequestTooLargeException why)
    {
        if (exchange.IsClosed)
            return;
        ServerLog.BodyTooLarge(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, why.Limit);
        exchange.Silence();
        exchange.Abandon();
        if (exchange.TryAnswerForHandler())
        {
            exchange.NoteReset(new Http2CloseReason(Http2CloseCause.PeerFault, ErrorCode.NoError, BodyTooLarge));
            role.Responder.Respond(exchange, new Http2Response(413));
            return;
        }
        exchange.Succeeds = false;
        role.Connection.Streams.LookUnread(exchange);
        if (!exchange.IsUnread)
            exchange.ResetAsOwner(role.Connection.Core, ErrorCode.EnhanceYourCalm, Http2CloseCause.PeerFault, BodyTooLarge);
    }

    /// <summary>Whether a handler failed because the body is larger than it may be; then that is dealt with.</summary>
    private bool IsRefusedBody(Http2Exchange exchange, Exception failure)
    {
        if (failure.GetBaseException() is not Http2RequestTooLargeException why)
            return false;
        RefuseBody(exchange, why);
        return true;
    }

    private void AnswerFailure(Http2Exchange exchange, Exception failure)
    {
        var isFirst = !exchange.IsClosed && exchange.TryAnswerForHandler();
        exchange.Silence();
        exchange.Abandon();
        if (!isFirst)
        {
            exchange.ResetAsOwner(role.Connection.Core, ErrorCode.InternalError, Http2CloseCause.ApplicationFailed);
            return;
        }
        exchange.NoteReset(new Http2CloseReason(Http2CloseCause.ApplicationFailed, ErrorCode.NoError));
        if (role.Host.Options.FailureResponse is { } make)
            role.Connection.Events.AddWork(new FailureWork(role, exchange, failure, make));
        else
            RespondToFailure(exchange, DefaultFailure);
    }

    private void RespondToFailure(Http2Exchange exchange, Http2Response response)
    {
        if (role.Responder.Respond(exchange, response) is not (Refusal.None or Refusal.StreamClosed))
            exchange.ResetAsOwner(role.Connection.Core, ErrorCode.InternalError, Http2CloseCause.ApplicationFailed);
    }

    /// <summary>Sends what the option has made for a failure, or the default when that cannot be sent.</summary>
    private void RespondToFailure(Http2Exchange exchange, Http2Response? response, Exception? second)
    {
        if (exchange.IsClosed)
        {
            role.Responder.Discard(exchange, response?.Body);
            return;
        }
        if (response is not null)
        {
            try
            {
                var refusal = role.Responder.Respond(exchange, response);
                if (refusal is Refusal.None or Refusal.StreamClosed)
                    return;
                second = RefusalText.Exception(refusal);
            }
            catch (Exception thrown)
            {
                second = thrown;
            }
            role.Responder.Discard(exchange, response.Body);
        }
        if (second is not null)
            ServerLog.FailureResponseFailed(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, second);
        RespondToFailure(exchange, DefaultFailure);
    }

    // The stream went away under the handler, and that is how it was told.
    private static bool TellsOfTheEnd(Exception failure) => failure switch
    {
        OperationCanceledException or Http2StreamClosedException => true,
        AggregateException several => several.InnerExceptions.All(TellsOfTheEnd),
        _ => false,
    };

    /// <summary>Asks the option what to answer for a handler that failed; the option is user code.</summary>
    private sealed class FailureWork(
        ServingRole role, Http2Exchange exchange, Exception failure, Func<Http2Exchange, Exception, Http2Response?> make)
        : OwnerTask, IUserWork
    {
        private Http2Response? _response;
        private Exception? _second;

        bool IUserWork.Run()
        {
            var call = role.Connection.Owner.BeginCall(this);
            try
            {
                _response = make(exchange, failure);
            }
            catch (Exception thrown)
            {
                _second = thrown;
            }
            if (!role.Connection.Owner.EndCall(call))
            {
                role.Connection.Owner.PostQuietly(this);
                return false;
            }
            Run();
            return true;
        }

        public override void Run() => role.Failures.RespondToFailure(exchange, _response, _second);
    }
}
