using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Handles one response by callbacks, which cost neither a task nor a pipe: derive a class from it and give an instance to
/// <see cref="Http2ClientConnection.Send(Http2ClientRequest, Http2ResponseHandler)"/>. The callbacks come in the order <see cref="OnInformational"/>
/// (any number of times), <see cref="OnResponse"/>, <see cref="OnData"/> (any number of times), <see cref="OnResponseDone"/>, <see cref="OnClose"/>,
/// and never concurrently for one stream. OnClose comes exactly once, whatever happens, and is the last. They run on the thread that has read the
/// response. A callback may send further requests. It may block, and may wait for other threads: after some milliseconds its connection goes on
/// without it on another thread. Responses that the server pushes for the request are refused.
/// <para>
/// An exception in a callback is logged, and the stream is reset with CANCEL; only OnClose comes after that.
/// </para>
/// </summary>
public abstract class Http2ResponseHandler : Http2ClientExchange, ICalledBack
{
    /// <summary>
    /// Whether octets of the body count as consumed when <see cref="OnData"/> returns. When false, the handler must call <see cref="Consume"/>: the
    /// server may send no more than a window's worth of octets beyond what was consumed (RFC 9113 §5.2). Default true.
    /// </summary>
    protected bool AutoConsume { get; set; } = true;

    Http2Stream ICalledBack.Stream => this;

    Absence? ICalledBack.Absence
    {
        get => ExtrasOrNone?.Absence;
        set => Extras.Absence = value;
    }

    bool ICalledBack.IsToldTheEndOnly => Silenced && !IsClosed;

    /// <summary>
    /// Gives the server window credit for octets that <see cref="OnData"/> delivered while <see cref="AutoConsume"/> was false (RFC 9113 §5.2).
    /// Any thread.
    /// </summary>
    /// <param name="octets">How many octets were consumed, 0 or more; in all no more than were delivered.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public void Consume(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        Engine.Commands.Consume(this, octets);
    }

    /// <summary>An informational response was received (RFC 9110 §15.2).</summary>
    /// <param name="head">Its head.</param>
    protected virtual void OnInformational(Http2ResponseHead head)
    {
    }

    /// <summary>The head of the final response was received: <see cref="Http2ClientExchange.Status"/> and <see cref="Http2ClientExchange.Headers"/>.</summary>
    protected virtual void OnResponse()
    {
    }

    /// <summary>A part of the response's body was received.</summary>
    /// <param name="chunk">The octets, at least one. The memory is valid during the call only.</param>
    protected virtual void OnData(ReadOnlyMemory<byte> chunk)
    {
    }

    /// <summary>The whole response was received, <see cref="Http2ClientExchange.Trailers"/> included.</summary>
    protected virtual void OnResponseDone()
    {
    }

    /// <summary>The stream is closed, or the request got none.</summary>
    /// <param name="errorCode">NO_ERROR when both sides ended the stream as they should; otherwise the code of the RST_STREAM or GOAWAY.</param>
    /// <param name="failure">
    /// Why it failed, or null when both sides ended the stream as they should: what <see cref="Http2ClientStream.Response"/> would have failed with.
    /// </param>
    protected virtual void OnClose(ErrorCode errorCode, Exception? failure)
    {
    }

    ValueTask ICalledBack.Deliver(in Delivery delivery)
    {
        switch (delivery.Kind)
        {
            case Delivery.Kinds.Informational:
                OnInformational((Http2ResponseHead)delivery.Value!);
                break;
            case Delivery.Kinds.Headers:
                OnResponse();
                break;
            case Delivery.Kinds.Data:
                OnData(delivery.Data);
                break;
            case Delivery.Kinds.Done:
                OnResponseDone();
                break;
            default:
                OnClose(delivery.Code, (Exception?)delivery.Value);
                break;
        }
        return default;
    }

    void ICalledBack.Returned(Delivery.Kinds kind, int octets, Exception? failure)
    {
        if (kind == Delivery.Kinds.Data && AutoConsume && !IsClosed)
            Engine.Commands.Consume(this, octets);
        if (kind == Delivery.Kinds.Close)
            TellClosed();
        if (failure is null)
            return;
        Log.ResponseHandlerFailed(Engine.Host.Logger, Engine.Info.Id, StreamId, failure);
        Failure = failure;
        ResetAsOwner(Engine.Core, ErrorCode.Cancel, Http2CloseCause.ApplicationFailed);
    }

    internal sealed override void DeliverOpened()
    {
    }

    internal sealed override bool DeliverInformational(Http2ResponseHead head) =>
        Engine.Callbacks.Tell(this, new Delivery(Delivery.Kinds.Informational, Value: head));

    internal sealed override bool DeliverHead(bool isWhole) => Engine.Callbacks.Tell(this, new Delivery(Delivery.Kinds.Headers, IsWhole: isWhole));

    internal sealed override bool DeliverData(ReadOnlyMemory<byte> data, bool isLast) =>
        Engine.Callbacks.Tell(this, new Delivery(Delivery.Kinds.Data, data));

    internal sealed override bool DeliverDone() => Engine.Callbacks.Tell(this, new Delivery(Delivery.Kinds.Done));

    internal sealed override bool DeliverClosed(ErrorCode code, Exception? failure) =>
        Engine.Callbacks.Tell(this, new Delivery(Delivery.Kinds.Close, Code: code, Value: failure));

    internal sealed override Http2ClientExchange? TakePush() => null;

    internal sealed override bool DeliverPush(Http2ClientExchange pushed) => true;
}
