using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// What the user's code may do wrong (handlers, bodies, what they registered) and what becomes of its request: the connection and its other
/// streams never notice.
/// </content>
internal sealed partial class Http2Connection
{
    private static readonly Http2Response DefaultFailure =
        new(500, [("content-type", "text/plain; charset=utf-8")], "500 Internal Server Error\n");

    /// <summary>
    /// An exception of a handler: it is logged and answered with status 500, or, when the response was sent before, with a reset. Nothing
    /// but OnClose comes after it. One that only says that the stream was closed is no failure.
    /// </summary>
    internal void Fault(Http2Exchange exchange, string where, Exception failure)
    {
        if ((exchange.IsClosed && TellsOfTheEnd(failure)) || IsRefusedBody(exchange, failure))
            return;
        Log.HandlerFailed(_host.Logger, Info.Id, exchange.StreamId, where, failure);
        AnswerFailure(exchange, failure);
    }

    /// <summary>The body of a response failed: what was sent of it must not look complete.</summary>
    internal void FailBody(Http2Exchange exchange, Exception failure)
    {
        if ((exchange.IsClosed && TellsOfTheEnd(failure)) || IsRefusedBody(exchange, failure))
            return;
        Log.BodyFailed(_host.Logger, Info.Id, exchange.StreamId, failure);
        ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
    }

    internal void OnDisposalFailed(StreamId id, Exception failure) => Log.BodyFailed(_host.Logger, Info.Id, id, failure);

    internal void OnRegistrationFailed(Http2Exchange exchange, Exception failure) =>
        Log.RegistrationFailed(_host.Logger, Info.Id, exchange.StreamId, failure);

    /// <summary>Gives up the body of a response that the calling thread has given and that is not sent. Any thread.</summary>
    private void DiscardHere(Http2Exchange exchange, ResponseBody? body)
    {
        try
        {
            body?.Discard();
        }
        catch (Exception failure)
        {
            OnDisposalFailed(exchange.StreamId, failure);
        }
    }

    /// <summary>Tells the owner of a file that was read whole. Owner only.</summary>
    private void GiveBack(Http2Exchange exchange, FileBody file)
    {
        try
        {
            file.GiveBack();
        }
        catch (Exception failure)
        {
            OnDisposalFailed(exchange.StreamId, failure);
        }
    }

    /// <summary>Sends a response that another thread has given, which nobody waits for.</summary>
    private void RespondLate(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            var misuse = RespondNow(exchange, response);
            if (misuse is Misuse.None or Misuse.StreamClosed)
                return;
            Log.ResponseRefused(_host.Logger, Info.Id, exchange.StreamId, MisuseText.Of(misuse));
            Discard(exchange, response.Body);
            exchange.TakeBackAnswer();
            AnswerFailure(exchange, MisuseText.Exception(misuse));
        }
        catch (Exception failure)
        {
            Log.BodyFailed(_host.Logger, Info.Id, exchange.StreamId, failure);
            Discard(exchange, response.Body);
            exchange.TakeBackAnswer();
            AnswerFailure(exchange, failure);
        }
    }

    private void AnswerFailure(Http2Exchange exchange, Exception failure)
    {
        var isFirst = !exchange.IsClosed && exchange.TryAnswerForHandler();
        exchange.Silence();
        exchange.Abandon();
        if (!isFirst)
        {
            ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
            return;
        }
        exchange.NoteReset(new Http2CloseReason(Http2CloseCause.HandlerFailed, ErrorCode.NoError));
        if (_host.Options.FailureResponse is { } make)
            AddWork(new FailureWork(exchange, failure, make));
        else
            RespondToFailure(exchange, DefaultFailure);
    }

    private void RespondToFailure(Http2Exchange exchange, Http2Response response)
    {
        if (RespondNow(exchange, response) is not (Misuse.None or Misuse.StreamClosed))
            ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
    }

    /// <summary>Sends what the option has made for a failure, or the default when that cannot be sent.</summary>
    private void RespondToFailure(Http2Exchange exchange, Http2Response? response, Exception? second)
    {
        if (exchange.IsClosed)
        {
            Discard(exchange, response?.Body);
            return;
        }
        if (response is not null)
        {
            try
            {
                var misuse = RespondNow(exchange, response);
                if (misuse is Misuse.None or Misuse.StreamClosed)
                    return;
                second = MisuseText.Exception(misuse);
            }
            catch (Exception thrown)
            {
                second = thrown;
            }
            Discard(exchange, response.Body);
        }
        if (second is not null)
            Log.FailureResponseFailed(_host.Logger, Info.Id, exchange.StreamId, second);
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
    private sealed class FailureWork(Http2Exchange exchange, Exception failure, Func<Http2Exchange, Exception, Http2Response?> make) : Mail, IUserWork
    {
        private Http2Response? _response;
        private Exception? _second;

        bool IUserWork.Run(Http2Connection connection)
        {
            var call = connection.BeginCall(this);
            try
            {
                _response = make(exchange, failure);
            }
            catch (Exception thrown)
            {
                _second = thrown;
            }
            if (!connection.EndCall(call))
            {
                connection.PostQuietly(this);
                return false;
            }
            Run(connection);
            return true;
        }

        public override void Run(Http2Connection connection) => connection.RespondToFailure(exchange, _response, _second);
    }
}
