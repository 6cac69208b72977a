using System.Collections.Concurrent;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A handler whose callbacks are lambdas and which records what came.</summary>
internal sealed class ScriptedHandler : Http2RequestHandler
{
    private readonly TaskCompletionSource<ErrorCode> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    public Action<ScriptedHandler>? Headers_ { get; init; }

    public Action<ScriptedHandler, ReadOnlyMemory<byte>>? Data_ { get; init; }

    public Action<ScriptedHandler>? Done_ { get; init; }

    public Action<ScriptedHandler, ErrorCode>? Close_ { get; init; }

    public bool ConsumesLater
    {
        init => AutoConsume = !value;
    }

    public bool ContinuesLater
    {
        init => AutoContinue = !value;
    }

    public ConcurrentQueue<string> Calls { get; } = new();

    public new Task<ErrorCode> Closed => _closed.Task;

    public MemoryStream Received { get; } = new();

    protected override void OnHeaders() => Call("headers", () => Headers_?.Invoke(this));

    protected override void OnData(ReadOnlyMemory<byte> chunk) => Call("data", () =>
    {
        Received.Write(chunk.Span);
        Data_?.Invoke(this, chunk);
    });

    protected override void OnRequestDone() => Call("done", () => Done_?.Invoke(this));

    protected override void OnClose(ErrorCode errorCode) => Call($"close {errorCode}", () =>
    {
        _closed.TrySetResult(errorCode);
        Close_?.Invoke(this, errorCode);
    });

    private void Call(string name, Action action)
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0)
            Calls.Enqueue("CONCURRENT");
        Calls.Enqueue(name);
        try
        {
            action();
        }
        finally
        {
            Interlocked.Exchange(ref _inside, 0);
        }
    }
}

/// <summary>Makes handlers by path and keeps them for the test to look at.</summary>
internal sealed class Handlers
{
    private readonly ConcurrentQueue<ScriptedHandler> _made = new();
    private readonly Func<ScriptedHandler> _make;

    public Handlers(Func<ScriptedHandler> make) => _make = make;

    public IReadOnlyList<ScriptedHandler> Made => [.. _made];

    public Http2RequestHandler Make()
    {
        var handler = _make();
        _made.Enqueue(handler);
        return handler;
    }
}
