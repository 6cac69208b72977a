using Http2.Pure;

namespace Http2.Shell;

/// <content>What the client's end of the connection keeps for an exchange. Each delivery answers false when user code was left behind.</content>
public abstract partial class Http2ClientExchange
{
    private int _id;
    private int _openedAt;

    internal sealed override long Weight => MemoryBudget.Stream;

    private protected sealed override string WhyNotAttached => "The exchange was not sent yet: give it to Send first.";

    internal sealed override bool IsTunnel => _request is { IsTunnel: true };

    // The request was begun when the stream was opened.
    internal sealed override bool IsAnswered => true;

    internal sealed override bool OwesBody => ExpectsBody && !IsClosed && IncomingPace is not null && !IsTunnel;

    internal sealed override PaceLimit? IncomingPace => Engine.Host.Limits.IncomingPace is { Rate: > 0 } asked ? asked : null;

    /// <summary>The client's end of the connection.</summary>
    internal RequestingRole Requesting => (RequestingRole)Engine.Role;

    /// <summary>When the stream was opened, or its request was seen on its way, in milliseconds of the connection's clock. Owner only.</summary>
    /// <param name="now">The time: only the lower half of what it was then is kept, which tells two moments of the same seven weeks apart.</param>
    internal long OpenedAt(long now) => now - unchecked((uint)((int)now - _openedAt));

    /// <summary>Whether the request has a stream. Any thread.</summary>
    internal bool IsOpened => Volatile.Read(ref _id) != 0;

    /// <summary>Why the exchange fails, as somebody on this side has noted it: it comes before what the stream is closed with. Any thread.</summary>
    internal Exception? Failure
    {
        get => ExtrasOrNone?.Failure;
        set => Extras.Failure ??= value;
    }

    private protected new ClientExtras Extras => (ClientExtras)base.Extras;

    private protected new ClientExtras? ExtrasOrNone => (ClientExtras?)base.ExtrasOrNone;

    /// <summary>The exchange is about to be sent. Any thread.</summary>
    /// <exception cref="InvalidOperationException">It was sent before.</exception>
    internal void Attach(Http2Connection engine, Http2ClientRequest request)
    {
        if (IsAttached)
            throw new InvalidOperationException("The exchange was sent before: each serves one stream.");
        _request = request;
        AttachTo(engine);
    }

    /// <summary>The exchange has a stream. Owner only.</summary>
    internal void Open(StreamId id, long now)
    {
        _openedAt = unchecked((int)now);
        Volatile.Write(ref _id, (int)id.Value);
    }

    /// <summary>The head of the final response has come. Owner only.</summary>
    internal void TakeHead(ConnectionEvent.ResponseReceived response) => Volatile.Write(ref _response, response);

    /// <summary>Counts an informational response. Owner only.</summary>
    internal int CountInformational() => ++Extras.Informational;

    /// <summary>The body that is sent once 100 (Continue) has come, or nobody waits for that any more. Owner only.</summary>
    internal bool HoldsBody
    {
        get => ExtrasOrNone is { HoldsBody: true };
        set => Extras.HoldsBody = value;
    }

    /// <summary>Whether the request waits for a place. Owner only.</summary>
    internal bool IsQueued
    {
        get => ExtrasOrNone is { IsQueued: true };
        set => Extras.IsQueued = value;
    }

    /// <summary>The request has a stream. Owner only.</summary>
    internal abstract void DeliverOpened();

    /// <summary>The final response's head has come. Owner only.</summary>
    internal abstract bool DeliverHead(bool isWhole);

    /// <summary>An informational response has come. Owner only.</summary>
    internal abstract bool DeliverInformational(Http2ResponseHead head);

    /// <summary>A part of the body has come. Owner only.</summary>
    internal abstract bool DeliverData(ReadOnlyMemory<byte> data, bool isLast);

    /// <summary>The whole response has come. Owner only.</summary>
    internal abstract bool DeliverDone();

    /// <summary>The stream is closed. Owner only.</summary>
    /// <param name="code">With which code.</param>
    /// <param name="failure">Why, unless both sides ended it as they should.</param>
    internal abstract bool DeliverClosed(ErrorCode code, Exception? failure);

    /// <summary>What takes a response that the server pushes for this one, or null to refuse it. Owner only.</summary>
    internal abstract Http2ClientExchange? TakePush();

    /// <summary>Tells of a push that was taken. Owner only.</summary>
    internal abstract bool DeliverPush(Http2ClientExchange pushed);

    internal override void ResetAsOwner(CoreSession core, ErrorCode code, Http2CloseCause why, Rule? rule = null)
    {
        if (IsOpened)
            base.ResetAsOwner(core, code, why, rule);
        else
            Requesting.Queue.GiveUp(this, new Http2CloseReason(why, code, rule));
    }

    private protected sealed override StreamExtras NewExtras() => new ClientExtras();
}
