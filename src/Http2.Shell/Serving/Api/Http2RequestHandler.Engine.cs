using System.Collections.Concurrent;
using Http2.Pure;

namespace Http2.Shell;

/// <content>The callbacks that return tasks, and how the engine calls all of them.</content>
public abstract partial class Http2RequestHandler
{
    // Whether a class overrides OnDataAsync, so that what it is given must outlast the call.
    private static readonly ConcurrentDictionary<Type, bool> KeepsData = new();

    /// <summary>The request's head was received; the twin of <see cref="OnHeaders"/>, which it calls unless it is overridden.</summary>
    /// <returns>Completes when the next callback may come.</returns>
    protected virtual ValueTask OnHeadersAsync()
    {
        OnHeaders();
        return default;
    }

    /// <summary>A part of the body was received; the twin of <see cref="OnData"/>, which it calls unless it is overridden.</summary>
    /// <param name="chunk">The octets, at least one. They are a copy, which is valid until the task completes.</param>
    /// <returns>Completes when the next callback may come. With <see cref="AutoConsume"/> the octets count as consumed then.</returns>
    protected virtual ValueTask OnDataAsync(ReadOnlyMemory<byte> chunk)
    {
        OnData(chunk);
        return default;
    }

    /// <summary>The whole request was received; the twin of <see cref="OnRequestDone"/>, which it calls unless it is overridden.</summary>
    /// <returns>Completes when the next callback may come.</returns>
    protected virtual ValueTask OnRequestDoneAsync()
    {
        OnRequestDone();
        return default;
    }

    /// <summary>The stream is closed; the twin of <see cref="OnClose"/>, which it calls unless it is overridden.</summary>
    /// <param name="errorCode">NO_ERROR when both sides ended the stream as they should; otherwise the code of the RST_STREAM or GOAWAY.</param>
    /// <returns>Completes when the handler's work has ended. Until then the stream counts among those that may be served at one time.</returns>
    protected virtual ValueTask OnCloseAsync(ErrorCode errorCode)
    {
        OnClose(errorCode);
        return default;
    }

    /// <summary>Whether what <see cref="OnData"/> is given must outlast the call.</summary>
    internal bool MustKeepData => KeepsData.GetOrAdd(GetType(), static (_, self) => self.OverridesOnDataAsync(), this);

    Http2Stream ICalledBack.Stream => this;

    Absence? ICalledBack.Absence
    {
        get => ExtrasOrNone?.Absence;
        set => Extras.Absence = value;
    }

    // It was answered because the handler failed, or a reset of ours is on its way.
    bool ICalledBack.IsToldTheEndOnly => IsAnsweredByServer || (Silenced && !IsClosed);

    void ICalledBack.Returned(Delivery.Kinds kind, int octets, Exception? failure) => Serving.Calls.Returned(this, kind, octets, failure);

    ValueTask ICalledBack.Deliver(in Delivery delivery) => delivery.Kind switch
    {
        Delivery.Kinds.Headers => OnHeadersAsync(),
        Delivery.Kinds.Data => OnDataAsync(delivery.Data),
        Delivery.Kinds.Done => OnRequestDoneAsync(),
        _ => OnCloseAsync(delivery.Code),
    };

    /// <summary>A part of the body was delivered in good order. Owner only.</summary>
    internal void ConsumeDelivered(int octets)
    {
        if (AutoConsume)
            Engine.Commands.Consume(this, octets);
    }

    private bool OverridesOnDataAsync() =>
        ((Func<ReadOnlyMemory<byte>, ValueTask>)OnDataAsync).Method.DeclaringType != typeof(Http2RequestHandler);
}
