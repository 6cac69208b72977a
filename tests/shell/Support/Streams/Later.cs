using System.Threading.Tasks.Sources;

namespace Http2.Shell.Tests;

/// <summary>A result that a test gives later; whatever waits for it goes on within the call that gives it, on the same thread.</summary>
internal sealed class Later<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core;

    /// <summary>What waits; to be awaited once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    public void Complete(T result) => _core.SetResult(result);

    public void Fail(Exception failure) => _core.SetException(failure);

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
