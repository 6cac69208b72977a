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
        if (exchange.IsClosed && TellsOfTheEnd(failure))
            return;
        Log.HandlerFailed(_host.Logger, Info.Id, exchange.StreamId, where, failure);
        AnswerFailure(exchange, failure);
    }

    /// <summary>The same for a callback; OnClose comes last, so there is nothing to answer.</summary>
    internal void FailCallback(Http2Exchange exchange, string where, Exception failure) => Fault(exchange, where, failure);

    /// <summary>The body of a response failed: what was sent of it must not look complete.</summary>
    internal void FailBody(Http2Exchange exchange, Exception failure)
    {
        if (exchange.IsClosed && TellsOfTheEnd(failure))
            return;
        Log.BodyFailed(_host.Logger, Info.Id, exchange.StreamId, failure);
        ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
    }

    internal void OnDisposalFailed(Http2Exchange exchange, Exception failure) =>
        Log.BodyFailed(_host.Logger, Info.Id, exchange.StreamId, failure);

    internal void OnRegistrationFailed(Http2Exchange exchange, Exception failure) =>
        Log.RegistrationFailed(_host.Logger, Info.Id, exchange.StreamId, failure);

    /// <summary>Gives up the body of a response that is not sent. Any thread.</summary>
    internal void Discard(Http2Exchange exchange, ResponseBody? body)
    {
        try
        {
            body?.Discard();
        }
        catch (Exception failure)
        {
            OnDisposalFailed(exchange, failure);
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
        if (!TryRespondWithFailure(exchange, failure) && RespondNow(exchange, DefaultFailure) is not (Misuse.None or Misuse.StreamClosed))
            ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
    }

    private bool TryRespondWithFailure(Http2Exchange exchange, Exception failure)
    {
        if (_host.Options.FailureResponse is not { } make)
            return false;
        Http2Response? response = null;
        try
        {
            response = make(exchange, failure);
            if (response is null)
                return false;
            var misuse = RespondNow(exchange, response);
            if (misuse is Misuse.None or Misuse.StreamClosed)
                return true;
            throw MisuseText.Exception(misuse);
        }
        catch (Exception second)
        {
            Log.FailureResponseFailed(_host.Logger, Info.Id, exchange.StreamId, second);
            Discard(exchange, response?.Body);
            return false;
        }
    }

    /// <summary>Makes what handles a request; when that fails, a stand-in that takes its place until the failure is answered.</summary>
    private Http2Exchange Make(ConnectionEvent.RequestReceived request, out Exception? failure)
    {
        failure = null;
        try
        {
            var exchange = _host.Exchanges()
                ?? throw new InvalidOperationException("The factory of handlers returned null; it must make a handler for each stream.");
            exchange.Attach(this, request);
            return exchange;
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        var standIn = new UnmadeExchange();
        standIn.Attach(this, request);
        return standIn;
    }

    // The stream went away under the handler, and that is how it was told.
    private static bool TellsOfTheEnd(Exception failure) => failure switch
    {
        OperationCanceledException or Http2StreamClosedException => true,
        AggregateException several => several.InnerExceptions.All(TellsOfTheEnd),
        _ => false,
    };

    /// <summary>A request that nothing could be made for.</summary>
    private sealed class UnmadeExchange : Http2Exchange
    {
        internal override void DeliverHeaders(bool endStream)
        {
        }

        internal override void DeliverData(ReadOnlyMemory<byte> data) => Engine.Consume(this, data.Length);

        internal override void DeliverRequestDone()
        {
        }

        internal override bool DeliverClose(ErrorCode code) => true;
    }
}
