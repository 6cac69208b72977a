using Http2.Pure;

namespace Http2.Shell;

/// <content>What the server's end of the connection keeps for an exchange, and how it is answered once.</content>
public abstract partial class Http2Exchange
{
    private enum Answerer : byte
    {
        Nobody,
        Handler,
        Server,
    }

    internal sealed override long Weight => MemoryBudget.Stream + (_request?.Head.Fields.Size ?? 0);

    private protected sealed override string WhyNotAttached =>
        "The request is not there yet: use the members of a handler from OnHeaders on, not in its constructor.";

    internal sealed override bool IsTunnel => Method == "CONNECT";

    /// <summary>Whether a final response was given, by the handler or for it. Any thread.</summary>
    internal sealed override bool IsAnswered => Volatile.Read(ref _answeredBy) != (byte)Answerer.Nobody;

    // A request whose answer has begun owes nothing: what is said in both directions at once is said when there is something to say. Nor does one
    // whose client waits for 100 (Continue). When the answer is complete the client has nothing left to do but to send.
    internal sealed override bool OwesBody =>
        ExpectsBody && (!IsAnswered || IsSent) && !IsClosed && Gate is null or { IsPassed: true } && IncomingPace is not null && !IsTunnel;

    internal sealed override PaceLimit? IncomingPace => ExtrasOrNone?.BodyPace is { } own ? own.Limit
        : Engine.Host.Limits.IncomingPace is { Rate: > 0 } asked ? asked : null;

    /// <summary>The server's end of the connection.</summary>
    internal ServingRole Serving => (ServingRole)Engine.Role;

    /// <summary>Whether the server answered in the handler's place, so that what the handler sends comes too late. Any thread.</summary>
    internal bool IsAnsweredByServer => Volatile.Read(ref _answeredBy) == (byte)Answerer.Server;

    internal sealed override BodyLimit? BodyLimit => ExtrasOrNone?.BodyLimit;

    /// <summary>Whether the body's limit is in force, so that it cannot change any more.</summary>
    private protected abstract bool IsBodyBegun { get; }

    /// <summary>What holds the body of the request back, when the client said that it waits for 100 (Continue). Any thread.</summary>
    internal ContinueGate? Gate
    {
        get => ExtrasOrNone?.Gate;
        set => Extras.Gate = value;
    }

    internal sealed override bool IsBodyHeldBack => Gate is { IsPassed: false };

    private protected new ExchangeExtras Extras => (ExchangeExtras)base.Extras;

    private protected new ExchangeExtras? ExtrasOrNone => (ExchangeExtras?)base.ExtrasOrNone;

    /// <summary>Takes the one answer that there is for the handler. Any thread.</summary>
    internal bool TryAnswer() => TryAnswer(Answerer.Handler);

    /// <summary>Takes the one answer that there is, where nobody but the owner of the connection answers. Owner only.</summary>
    internal bool TryAnswerAsOwner()
    {
        if (_answeredBy != (byte)Answerer.Nobody)
            return false;
        Volatile.Write(ref _answeredBy, (byte)Answerer.Handler);
        return true;
    }

    /// <summary>Takes it for the server, which answers in the handler's place. Any thread.</summary>
    internal bool TryAnswerForHandler() => TryAnswer(Answerer.Server);

    /// <summary>The answer was refused, so there may be another.</summary>
    internal void TakeBackAnswer() => Volatile.Write(ref _answeredBy, (byte)Answerer.Nobody);

    internal void LimitBody(long? most)
    {
        var limit = Interlocked.CompareExchange(ref Extras.BodyLimit, new BodyLimit(most), null);
        if (limit is not null)
            limit.Most = most;
    }

    private protected sealed override StreamExtras NewExtras() => new ExchangeExtras();

    private bool TryAnswer(Answerer by) => Interlocked.CompareExchange(ref _answeredBy, (byte)by, (byte)Answerer.Nobody) == 0;
}
