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
    /// <param name="chunk">The octets, a copy of one's own: valid until the task completes.</param>
    /// <returns>Completes when the next callback may come; with <see cref="AutoConsume"/> the octets count as consumed then.</returns>
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
    /// <param name="errorCode">NO_ERROR when both sides ended it as they should; else the code of the RST_STREAM or GOAWAY.</param>
    /// <returns>Completes when the handler's work has ended; until then the stream keeps its place among the concurrent ones.</returns>
    protected virtual ValueTask OnCloseAsync(ErrorCode errorCode)
    {
        OnClose(errorCode);
        return default;
    }

    internal sealed override void DeliverHeaders(bool endStream) => Deliver(new Callback(CallbackKind.Headers));

    internal sealed override void DeliverData(ReadOnlyMemory<byte> data)
    {
        if (RareOrNone?.Callbacks is { IsBusy: true } || KeepsData.GetOrAdd(GetType(), static (_, self) => self.OverridesOnDataAsync(), this))
            data = data.ToArray();
        Deliver(new Callback(CallbackKind.Data, data));
    }

    internal sealed override void DeliverRequestDone() => Deliver(new Callback(CallbackKind.RequestDone));

    internal sealed override bool DeliverClose(ErrorCode code) => Deliver(new Callback(CallbackKind.Close, code: code));

    /// <summary>Makes a callback. What it throws at once comes out; a task that is not complete is the caller's.</summary>
    internal ValueTask Call(in Callback callback) => callback.Kind switch
    {
        CallbackKind.Headers => OnHeadersAsync(),
        CallbackKind.Data => OnDataAsync(callback.Data),
        CallbackKind.RequestDone => OnRequestDoneAsync(),
        _ => OnCloseAsync(callback.Code),
    };

    /// <summary>A callback has come back in good order.</summary>
    internal void Called(in Callback callback)
    {
        if (AutoConsume && !callback.Data.IsEmpty)
            Engine.Consume(this, callback.Data.Length);
    }

    // Nearly all callbacks are over at once and never need the line.
    private bool Deliver(in Callback callback)
    {
        if (RareOrNone?.Callbacks is { IsBusy: true } line)
        {
            line.Wait(callback);
            return false;
        }
        var call = Call(callback);
        if (call.IsCompleted)
        {
            call.GetAwaiter().GetResult();
            Called(callback);
            return true;
        }
        (Rare.Callbacks ??= new CallbackLine(this)).Begin(callback, call);
        return false;
    }

    private bool OverridesOnDataAsync() =>
        ((Func<ReadOnlyMemory<byte>, ValueTask>)OnDataAsync).Method.DeclaringType != typeof(Http2RequestHandler);
}
