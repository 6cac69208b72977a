using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The server's end of a connection: joins what admits requests, calls their handlers, answers for them and deals with their failures. Belongs to
/// the connection's owner, but for what says that any thread may.
/// </summary>
internal sealed class ServingRole : ConnectionRole
{
    private HeaderField? _toldDate;

    // Clients ask for the same address again and again.
    private string _lastPath = "";

    /// <param name="connection">The connection that is served.</param>
    /// <param name="host">The server.</param>
    /// <param name="origins">What its requests may be for; null where nothing is known of that.</param>
    public ServingRole(Http2Connection connection, ServerHost host, OriginCheck? origins)
    {
        (Connection, Host) = (connection, host);
        Admission = new RequestAdmission(this, host.Options.TrustGateway ? null : origins);
        Calls = new HandlerCalls(this);
    }

    /// <summary>How many octets of content the request had that the connection was upgraded with; 0 when it was not.</summary>
    public int UpgradedContent { get; init; }

    public override Role Role => Role.Server;

    public override ConnectionOptions OptionsFrom(ConnectionOptions shared) =>
        UpgradedContent == 0 ? shared : shared with { UpgradedContent = UpgradedContent };

    public override int Waiting => Admission.Waiting;

    // A delegate's end is ours to run, a handler's callbacks are the user's.
    public override bool HasBriefTasks => Host.HasDelegate && Admission.Waiting == 0;

    public override bool HoldsEnd => Connection.HasAbsences || Admission.HasPendingHandlers;

    public Http2Connection Connection { get; }

    public ServerHost Host { get; }

    /// <summary>From requests to what handles them.</summary>
    public RequestAdmission Admission { get; }

    /// <summary>How handlers are called.</summary>
    public HandlerCalls Calls { get; }

    /// <summary>How they answer, from any thread.</summary>
    public AnswerCommands Answers => new(this);

    /// <summary>How answers are sent.</summary>
    public Responder Responder => new(this);

    /// <summary>What becomes of requests whose handlers fail.</summary>
    public HandlerFailures Failures => new(this);

    /// <summary>How responses are pushed, from any thread.</summary>
    public Pushes Pushes => new(this);

    /// <summary>What becomes of clients that wait for 100 (Continue).</summary>
    public Continuations Continuations => new(this);

    /// <summary>A path as text: the very string of the request before when it is the same. Any thread.</summary>
    public string PathText(ReadOnlySpan<byte> path)
    {
        var last = Volatile.Read(ref _lastPath);
        if (Ascii.Equals(path, last))
            return last;
        var text = Encoding.UTF8.GetString(path);
        Volatile.Write(ref _lastPath, text);
        return text;
    }

    /// <summary>The most that the body of a request may have unless its handler says otherwise; a tunnel has no body. Any thread.</summary>
    public long? DefaultBodyLimit(Http2Exchange exchange) =>
        Host.Options.MaxRequestBodySize is { } most && !exchange.IsTunnel ? most : null;

    // What the core answers by itself carries the date: it is told once a second at most.
    public override void BeforeFrames()
    {
        if (!Host.Options.SendDate)
            return;
        var date = Connection.Host.Clock.Date(Connection.Core.Now);
        if (ReferenceEquals(date, _toldDate))
            return;
        _toldDate = date;
        Connection.Core.SetDate(date);
    }

    public override bool TryKeep(ConnectionEvent happened) => Admission.TryKeepForPendingHandler(happened);

    public override bool OnHead(ConnectionEvent happened) => Admission.OnRequest((ConnectionEvent.RequestReceived)happened);

    public override bool TryKeepForLater(StreamId id, ConnectionEvent happened) => Admission.TryKeep(id, happened);

    public override bool BeginWaiting() => Admission.BeginWaiting();

    public override void OnBodyBegins(Http2Stream stream) => Continuations.OpenGate((Http2Exchange)stream);

    public override bool TellData(Http2Stream stream, ReadOnlyMemory<byte> data, bool isLast) => stream is Http2Request request
        ? request.DeliverData(data)
        : Calls.Tell((Http2Exchange)stream, new Delivery(Delivery.Kinds.Data, data));

    public override bool TellDone(Http2Stream stream) => stream is Http2Request request
        ? request.DeliverRequestDone()
        : Calls.Tell((Http2Exchange)stream, new Delivery(Delivery.Kinds.Done));

    public override bool TellClosed(Http2Stream stream, ErrorCode code)
    {
        // The end of a handler class's stream is told when its OnClose has come back.
        if (stream is not Http2RequestHandler)
            stream.TellClosed();
        return stream is Http2Request request
            ? request.DeliverClose(code)
            : Calls.Tell((Http2Exchange)stream, new Delivery(Delivery.Kinds.Close, Code: code));
    }

    public override void OnClosedUntold(StreamId id) => Admission.Forget(id);

    public override void OnClosing() => Admission.ForgetAll();

    public override void OnEnded()
    {
        if (Host.IsStopping)
            Host.Drain.Look();
    }

    public override void OnBodyFailed(Http2Stream stream, Exception failure) => Failures.FailBody((Http2Exchange)stream, failure);

    public override void LeaveBehind(object callee)
    {
        switch (callee)
        {
            case Http2Request request:
                request.BeginWork();
                break;
            case Http2RequestHandler handler:
                Connection.Callbacks.LeaveBehind(handler);
                break;
            case ConnectionEvent.RequestReceived request:
                Admission.BeginPendingHandler(request);
                break;
            default:
                // Nothing depends on it.
                break;
        }
    }
}
