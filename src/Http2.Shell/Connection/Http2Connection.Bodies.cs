using Http2.Pure;

namespace Http2.Shell;

/// <content>What the bodies of requests hold: octets that nobody has read, and octets that readers keep while they wait for more.</content>
internal sealed partial class Http2Connection
{
    private static readonly Rule BodyTooLarge =
        new("policy", nameof(Http2ServerOptions.MaxRequestBodySize), "the body of a request is not larger than the server or its handler allows");

    private LookAhead? _lookAhead;
    private long _unreadOctets;

    /// <summary>What the readers of this connection's bodies have looked at without taking it. Any thread.</summary>
    internal LookAhead LookAhead
    {
        get
        {
            if (Volatile.Read(ref _lookAhead) is { } there)
                return there;
            var fresh = new LookAhead(_host.Options);
            return Interlocked.CompareExchange(ref _lookAhead, fresh, null) ?? fresh;
        }
    }

    /// <summary>
    /// Octets of request bodies that came and that their handlers have not taken: what this connection holds in memory for them. Any thread;
    /// while the connection runs, the value of a moment ago.
    /// </summary>
    internal long UnreadOctets => Volatile.Read(ref _unreadOctets) + (Volatile.Read(ref _lookAhead)?.Octets ?? 0);

    /// <summary>Holds the connection's window back while more than so many octets are unread; 0 for no bound. Any thread.</summary>
    internal void BoundUnread(long octets) => Post(new BoundUnreadMail(octets));

    /// <summary>The most that the body of a request may have unless its handler says otherwise; a tunnel has no body. Any thread.</summary>
    internal long? DefaultBodyLimit(Http2Exchange exchange) =>
        _host.Options.MaxRequestBodySize is { } most && exchange.Method != "CONNECT" ? most : null;

    /// <summary>
    /// The request's body is larger than it may be: 413 when nothing was answered yet (RFC 9110 §15.5.14). A response that is complete stays,
    /// and any other ends with the stream. What still comes of the body is dealt with like one that nobody reads.
    /// </summary>
    internal void RefuseBody(Http2Exchange exchange, Http2RequestTooLargeException why)
    {
        if (exchange.IsClosed)
            return;
        Log.BodyTooLarge(_host.Logger, Info.Id, exchange.StreamId, why.Limit);
        exchange.Silence();
        exchange.Abandon();
        if (exchange.TryAnswerForHandler())
        {
            exchange.NoteReset(new Http2CloseReason(Http2CloseCause.ClientFault, ErrorCode.NoError, BodyTooLarge));
            RespondNow(exchange, new Http2Response(413));
            return;
        }
        EndUnreadRequest(exchange);
        if (!exchange.IsUnread)
            ResetNow(exchange, ErrorCode.EnhanceYourCalm, Http2CloseCause.ClientFault, BodyTooLarge);
    }

    /// <summary>Whether a handler failed because the body is larger than it may be; then that is dealt with.</summary>
    private bool IsRefusedBody(Http2Exchange exchange, Exception failure)
    {
        if (failure.GetBaseException() is not Http2RequestTooLargeException why)
            return false;
        RefuseBody(exchange, why);
        return true;
    }

    private sealed class BoundUnreadMail(long octets) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase == Phase.Open)
                connection.Core.BoundUnread(octets);
        }
    }
}
