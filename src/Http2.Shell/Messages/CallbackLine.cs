using System.Runtime.CompilerServices;
using Http2.Pure;

namespace Http2.Shell;

internal enum CallbackKind : byte
{
    Headers,
    Data,
    RequestDone,
    Close,
}

/// <summary>A callback of a handler and what it is given.</summary>
internal readonly struct Callback(CallbackKind kind, ReadOnlyMemory<byte> data = default, ErrorCode code = ErrorCode.NoError)
{
    public CallbackKind Kind { get; } = kind;

    public ReadOnlyMemory<byte> Data { get; } = data;

    public ErrorCode Code { get; } = code;

    /// <summary>The callback's name, for the log.</summary>
    public string Name => Kind switch
    {
        CallbackKind.Headers => "OnHeaders",
        CallbackKind.Data => "OnData",
        CallbackKind.RequestDone => "OnRequestDone",
        _ => "OnClose",
    };
}

/// <summary>
/// The callbacks of a handler one of which has not come back: those that come meanwhile wait for it, so that a stream's callbacks never run
/// at the same time nor out of order. The windows bound what waits. Owner only; the end of the one that runs comes as mail.
/// </summary>
internal sealed class CallbackLine(Http2RequestHandler handler) : Mail
{
    private readonly Queue<Callback> _waiting = new();
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _call;
    private Callback _running;

    /// <summary>Whether a callback runs.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>A callback that is not over yet.</summary>
    public void Begin(in Callback callback, ValueTask call)
    {
        IsBusy = true;
        _running = callback;
        handler.BeginWork();
        _call = call.ConfigureAwait(false).GetAwaiter();
        _call.UnsafeOnCompleted(() => handler.Engine.PostFromOutside(this));
    }

    /// <summary>Has a callback wait for those before it.</summary>
    public void Wait(in Callback callback) => _waiting.Enqueue(callback);

    public override void Run(Http2Connection connection)
    {
        IsBusy = false;
        handler.EndWork();
        var ended = End(connection, _running, _call);
        while (!IsBusy && _waiting.TryDequeue(out var next))
            ended = CallNext(connection, next);
        if (ended)
            handler.TellClosed();
        connection.RetireWhenIdle(handler);
    }

    // Answers whether the stream's end has been told.
    private bool CallNext(Http2Connection connection, in Callback next)
    {
        if (handler.Silenced && next.Kind != CallbackKind.Close)
        {
            // Nobody will consume it; the other streams need the credit.
            handler.Engine.Consume(handler, next.Data.Length);
            return false;
        }
        ValueTask call;
        try
        {
            call = handler.Call(next);
        }
        catch (Exception failure)
        {
            connection.FailCallback(handler, next.Name, failure);
            return next.Kind == CallbackKind.Close;
        }
        if (call.IsCompleted)
            return End(connection, next, call.ConfigureAwait(false).GetAwaiter());
        Begin(next, call);
        return false;
    }

    private bool End(
        Http2Connection connection, in Callback callback, ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter call)
    {
        try
        {
            call.GetResult();
            handler.Called(callback);
        }
        catch (Exception failure)
        {
            connection.FailCallback(handler, callback.Name, failure);
        }
        return callback.Kind == CallbackKind.Close;
    }
}
