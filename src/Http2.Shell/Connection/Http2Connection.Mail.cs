using Http2.Pure;

namespace Http2.Shell;

/// <content>What other threads post.</content>
internal sealed partial class Http2Connection
{
    /// <summary>Runs <paramref name="work"/> as the owner and answers its result; when another thread is the owner, waits for it.</summary>
    private T AsOwner<T>(Func<T> work)
    {
        if (IsOwner)
            return work();
        var mail = new WaitedMail<T>(work);
        Post(mail, inline: true);
        return mail.Result();
    }

    internal void PostFromOutside(Mail mail) => Post(mail);

    internal void TakeCredit(Http2Exchange exchange)
    {
        var octets = exchange.TakeCredit();
        if (_phase == Phase.Open && !exchange.IsClosed)
            ConsumeNow(exchange.StreamId, octets);
    }

    private sealed class WaitedMail<T>(Func<T> work) : Mail
    {
        private readonly ManualResetEventSlim _done = new();
        private T _result = default!;
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _failure;

        public override void Run(Http2Connection connection)
        {
            try
            {
                _result = work();
            }
            catch (Exception failure)
            {
                _failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure);
            }
            _done.Set();
        }

        public T Result()
        {
            _done.Wait();
            _failure?.Throw();
            return _result;
        }
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
