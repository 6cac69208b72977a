using Http2.Pure;

namespace Http2.Shell;

/// <content>What other threads post.</content>
internal sealed partial class Http2Connection
{
    /// <summary>
    /// Runs <paramref name="work"/>, which calls no user code, with the state to itself and answers its result. The owner may be in a
    /// callback that waits for the calling thread, so this never waits for user code: what the owner has to do comes after its callback.
    /// </summary>
    private T AsOwner<T>(Func<T> work)
    {
        var turn = _ownership.TryTurn();
        var isOwner = turn.IsTaken;
        for (var wait = default(SpinWait); !turn.IsTaken; wait.SpinOnce())
            turn = _ownership.TryBorrow();
        try
        {
            if (!isOwner)
            {
                Attach();
                // What the thread has posted before comes first.
                RunMail();
            }
            return work();
        }
        finally
        {
            _ownership.End(turn);
            // What the command has written and told waits for an owner.
            if (turn.WasFree)
                Wake(Signal.Again, inline: false);
        }
    }

    internal void PostFromOutside(Mail mail) => Post(mail);

    // None of it calls user code, so all that was taken is run.
    private void RunMail()
    {
        for (var mail = _mail.Take(); mail is not null;)
        {
            var next = mail.Next;
            mail.Unclaim();
            mail.Run(this);
            mail = next;
        }
    }

    internal void TakeCredit(Http2Exchange exchange)
    {
        var octets = exchange.TakeCredit();
        if (_phase == Phase.Open && !exchange.IsClosed)
            Consume(exchange.StreamId, octets);
    }

    private sealed class RespondMail(Http2Exchange exchange, Http2Response response) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (exchange.IsClosed)
                connection.Discard(exchange, response.Body);
            else
                connection.RespondLate(exchange, response);
        }
    }

    private sealed class InformMail(Http2Exchange exchange, int status, Http2Headers headers) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (exchange.IsClosed)
                return;
            var misuse = connection.InformNow(exchange, status, headers);
            // That the stream closed or was answered meanwhile is nobody's mistake.
            if (misuse is not (Misuse.None or Misuse.StreamClosed or Misuse.ResponseAlreadySent))
                Log.ResponseRefused(connection._host.Logger, connection.Info.Id, exchange.StreamId, MisuseText.Of(misuse));
        }
    }

    private sealed class ResetMail(Http2Exchange exchange, ErrorCode code) : Mail
    {
        public override void Run(Http2Connection connection) => connection.ResetNow(exchange, code, Http2CloseCause.HandlerReset);
    }
}

/// <summary>Carries the credit that other threads have given back for one stream.</summary>
internal sealed class CreditMail(Http2Exchange exchange) : Mail
{
    public override void Run(Http2Connection connection) => connection.TakeCredit(exchange);
}
