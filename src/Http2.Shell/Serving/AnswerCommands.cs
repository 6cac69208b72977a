using Http2.Pure;

namespace Http2.Shell;

/// <summary>How handlers answer, from any thread: done at once by the owner's thread, posted by others.</summary>
/// <param name="role">The server's end of the connection.</param>
internal readonly struct AnswerCommands(ServingRole role)
{
    /// <summary>Sends the response; the check that it is the first, and that it can be sent, is made on the caller's thread.</summary>
    /// <returns>False when it cannot be sent because the stream is closed, or was answered for the handler.</returns>
    /// <remarks>A body that is not sent is disposed of, whatever the reason: nobody else may have it in hand.</remarks>
    public bool Respond(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            return RespondChecked(exchange, response);
        }
        catch
        {
            role.Failures.DiscardHere(exchange, response.Body);
            throw;
        }
    }

    private bool RespondChecked(Http2Exchange exchange, Http2Response response)
    {
        CheckStatus(response);
        if (!MayAnswer(exchange, exchange.TryAnswer()))
        {
            role.Failures.DiscardHere(exchange, response.Body);
            return false;
        }
        using var access = role.Connection.Owner.TryAccess();
        if (!access.IsTaken)
        {
            role.Connection.Owner.Post(new RespondTask(role, exchange, response));
            return true;
        }
        return RespondOrTakeBack(exchange, response);
    }

    /// <summary>Sends the response as the owner of the connection, while no user code is running.</summary>
    /// <exception cref="Http2MisuseException">The response may not be sent; its body is the caller's to give up.</exception>
    public void RespondAsOwner(Http2Request exchange, Http2Response response)
    {
        CheckStatus(response);
        // Nobody but the owner answers for a delegate; an atomic exchange would cost every request time.
        if (!MayAnswer(exchange, exchange.TryAnswerAsOwner()))
        {
            role.Responder.Discard(exchange, response.Body);
            return;
        }
        RespondOrTakeBack(exchange, response);
    }

    // When the response may not be sent, the handler may send another one.
    private bool RespondOrTakeBack(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            return IsSent(role.Responder.Respond(exchange, response));
        }
        catch
        {
            exchange.TakeBackAnswer();
            throw;
        }
    }

    /// <exception cref="Http2MisuseException">A final response may not have this status.</exception>
    public static void CheckStatus(Http2Response response)
    {
        if (response.Status is < 200 or > 999)
            throw RefusalText.Status(response.Status);
    }

    // False when the stream closed before, which is nobody's mistake.
    private static bool IsSent(Refusal refusal) => refusal switch
    {
        Refusal.None => true,
        Refusal.StreamClosed => false,
        _ => throw RefusalText.Exception(refusal),
    };

    // False when nothing can be sent any more, because the stream is closed or was answered for the handler.
    private static bool MayAnswer(Http2Exchange exchange, bool isFirst)
    {
        if (!isFirst && !exchange.IsAnsweredByServer)
            throw RefusalText.Exception(Refusal.ResponseAlreadySent);
        return isFirst && !exchange.IsClosed;
    }

    /// <summary>Sends an informational response.</summary>
    /// <returns>False when it cannot be sent because the stream is closed, or was answered for the handler.</returns>
    public bool SendInformational(Http2Exchange exchange, int status, Http2Headers headers)
    {
        if (status is < 100 or > 199 or 101)
            throw RefusalText.Status(status);
        if (exchange.IsAnswered && !exchange.IsAnsweredByServer)
            throw RefusalText.Exception(Refusal.ResponseAlreadySent);
        if (exchange.IsClosed || exchange.IsAnswered)
            return false;
        using var access = role.Connection.Owner.TryAccess();
        if (!access.IsTaken)
        {
            role.Connection.Owner.Post(new InformTask(role, exchange, status, headers));
            return true;
        }
        return IsSent(role.Responder.Inform(exchange, status, headers));
    }

    private sealed class RespondTask(ServingRole role, Http2Exchange exchange, Http2Response response) : OwnerTask
    {
        public override void Run()
        {
            if (exchange.IsClosed)
                role.Responder.Discard(exchange, response.Body);
            else
                role.Failures.RespondLate(exchange, response);
        }
    }

    private sealed class InformTask(ServingRole role, Http2Exchange exchange, int status, Http2Headers headers) : OwnerTask
    {
        public override void Run()
        {
            if (exchange.IsClosed)
                return;
            var refusal = role.Responder.Inform(exchange, status, headers);
            // That the stream closed or was answered meanwhile is nobody's mistake.
            if (refusal is not (Refusal.None or Refusal.StreamClosed or Refusal.ResponseAlreadySent))
                ServerLog.ResponseRefused(role.Connection.Host.Logger, role.Connection.Info.Id, exchange.StreamId, RefusalText.Of(refusal));
        }
    }
}
