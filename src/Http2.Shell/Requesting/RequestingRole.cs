using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The client's end of a connection: joins what opens streams, waits for responses, takes pushes and sends PINGs. Belongs to the connection's
/// owner, but for what says that any thread may.
/// </summary>
internal sealed class RequestingRole : ConnectionRole
{
    private static readonly Rule TooManyInformational = new(
        "policy", nameof(Http2ClientOptions.MaxInformationalResponses), "informational responses to one request are not more than the client allows");

    private Http2GoAway? _goAway;
    private string? _leaving;

    /// <param name="connection">The connection.</param>
    /// <param name="host">What it shares with others.</param>
    /// <param name="origin">What its requests are for unless they say otherwise.</param>
    public RequestingRole(Http2Connection connection, ClientHost host, Origin origin)
    {
        (Connection, Host, Origin) = (connection, host, origin);
        Queue = new RequestQueue(this);
        Deadlines = new RequestDeadlines(this);
        Pings = new PingBook(connection);
    }

    public override Role Role => Role.Client;

    public override int Waiting => Queue.Waiting;

    // To open a stream calls nothing of the user's but the source of a body, and a task with one says so.
    public override bool HasBriefTasks => true;

    public override bool HoldsEnd => Connection.HasAbsences;

    public override long Due => Deadlines.Due;

    public Http2Connection Connection { get; }

    public ClientHost Host { get; }

    public Origin Origin { get; }

    /// <summary>From requests to streams.</summary>
    public RequestQueue Queue { get; }

    /// <summary>What responses have to come by.</summary>
    public RequestDeadlines Deadlines { get; }

    /// <summary>PINGs of the application.</summary>
    public PingBook Pings { get; }

    /// <summary>What may be asked from any thread.</summary>
    public ClientCommands Commands => new(this);

    /// <summary>Promised requests.</summary>
    public PushAdmission Pushes => new(this);

    /// <summary>What the server said with GOAWAY, or null. Any thread.</summary>
    public Http2GoAway? GoAway => Volatile.Read(ref _goAway);

    /// <summary>Whether the server's SETTINGS have come. Any thread.</summary>
    public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether this end takes no more requests. Any thread.</summary>
    public bool IsLeaving => Volatile.Read(ref _leaving) is not null;

    /// <summary>From here on this end takes no more requests. Any thread.</summary>
    /// <param name="why">The reason, for whoever sends one.</param>
    public void Leave(string why) => Interlocked.CompareExchange(ref _leaving, why, null);

    public override void Judge() => Deadlines.Judge();

    public override bool OnHead(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.ResponseReceived response => OnResponse(response),
        ConnectionEvent.InformationalReceived informational => OnInformational(informational),
        _ => Pushes.OnPromise((ConnectionEvent.PushPromised)happened),
    };

    public override void OnNotice(ConnectionEvent happened)
    {
        switch (happened)
        {
            case ConnectionEvent.SettingsReceived:
                Queue.LearnLimit();
                Settled.TrySetResult();
                break;
            case ConnectionEvent.PingAcknowledged ping:
                Pings.OnAnswer(ping.Opaque);
                break;
            case ConnectionEvent.GoAwayReceived goAway:
                Volatile.Write(ref _goAway, new Http2GoAway(goAway.LastStreamId, goAway.Code, goAway.Debug.ToString()));
                Queue.FailAll("the server is going away");
                break;
            default:
                break;
        }
    }

    public override bool BeginWaiting()
    {
        if (Queue.Waiting == 0)
            return true;
        Queue.OpenWaiting();
        return Connection.Events.DeliverAll();
    }

    public override bool TellData(Http2Stream stream, ReadOnlyMemory<byte> data, bool isLast) =>
        ((Http2ClientExchange)stream).DeliverData(data, isLast);

    public override bool TellDone(Http2Stream stream) => ((Http2ClientExchange)stream).DeliverDone();

    public override bool TellClosed(Http2Stream stream, ErrorCode code)
    {
        var exchange = (Http2ClientExchange)stream;
        if (!exchange.IsPushed)
            Queue.OnClosed();
        var isWhole = exchange.CloseReason is null or { Cause: Http2CloseCause.Completed };
        return exchange.DeliverClosed(code, isWhole ? null : exchange.Failure ?? StreamFailure.Of(exchange));
    }

    public override void OnClosing()
    {
        Queue.FailAll("the connection has ended");
        Pings.FailAll();
        Settled.TrySetResult();
    }

    // What was sent of it must not look complete.
    public override void OnBodyFailed(Http2Stream stream, Exception failure)
    {
        if (stream.IsClosed)
            return;
        ((Http2ClientExchange)stream).Failure = failure;
        stream.ResetAsOwner(Connection.Core, ErrorCode.Cancel, Http2CloseCause.ApplicationFailed);
    }

    public override void LeaveBehind(object callee)
    {
        if (callee is ICalledBack called)
            Connection.Callbacks.LeaveBehind(called);
    }

    private bool OnResponse(ConnectionEvent.ResponseReceived response)
    {
        var events = Connection.Events;
        if (Connection.Exchanges.Find(response.Id) is not Http2ClientExchange exchange || events.Part > 1)
            return true;
        if (events.Part == 0)
        {
            events.Part = 1;
            exchange.TakeHead(response);
            if (!response.EndStream)
            {
                Connection.Streams.BeginIncoming(exchange);
                Connection.SlowPeers.WatchReceiving(exchange);
                Connection.Streams.LookUnread(exchange);
            }
            // A final response that is no success says that the body is not wanted (RFC 9110 §10.1.1).
            if (exchange.HoldsBody && response.Head.Status < 300)
                Queue.SendHeldBody(exchange);
            if (!exchange.Silenced && !exchange.DeliverHead(response.EndStream))
                return false;
        }
        if (!response.EndStream)
            return true;
        events.Part = 2;
        return Connection.Streams.EndBody(exchange);
    }

    private bool OnInformational(ConnectionEvent.InformationalReceived informational)
    {
        if (Connection.Events.Part > 0 || Connection.Exchanges.Find(informational.Id) is not Http2ClientExchange { Silenced: false } exchange)
            return true;
        Connection.Events.Part = 1;
        if (exchange.CountInformational() > Host.Options.MaxInformationalResponses)
        {
            exchange.ResetAsOwner(Connection.Core, ErrorCode.EnhanceYourCalm, Http2CloseCause.PeerFault, TooManyInformational);
            return true;
        }
        if (informational.Head.Status == 100)
            Queue.SendHeldBody(exchange);
        return exchange.DeliverInformational(Http2ClientExchange.HeadOf(informational.Head));
    }
}
