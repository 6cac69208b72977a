using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Http2.Interleavings.Twins;

/// <summary>
/// Stands in for <see cref="System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore{TResult}"/>: what waits goes on where the result is set,
/// or on the pool when the result is there before it waits.
/// </summary>
public struct ManualResetValueTaskSourceCore<T>
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExceptionDispatchInfo? _error;
    private T? _result;
    private bool _isCompleted;
    private short _version;

    public bool RunContinuationsAsynchronously { get; set; }

    public readonly short Version => _version;

    public void Reset()
    {
        (_continuation, _state, _error, _result, _isCompleted) = (null, null, null, default, false);
        _version++;
    }

    public void SetResult(T result)
    {
        _result = result;
        Complete();
    }

    public void SetException(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        Complete();
    }

    public readonly ValueTaskSourceStatus GetStatus(short token)
    {
        Step.Before("looks whether a result is there");
        Check(token);
        return !_isCompleted ? ValueTaskSourceStatus.Pending : _error is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;
    }

    public readonly T GetResult(short token)
    {
        Check(token);
        if (!_isCompleted)
            throw new InvalidOperationException("The result is not there yet.");
        _error?.Throw();
        return _result!;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Step.Before("begins to wait for a result");
        Check(token);
        if (_continuation is not null)
            throw new InvalidOperationException("Two wait for one result.");
        (_continuation, _state) = (continuation, state);
        if (_isCompleted)
            ThreadPool.Queue(() => continuation(state));
    }

    private void Complete()
    {
        Step.Before("sets a result");
        if (_isCompleted)
            throw new InvalidOperationException("A result was set before.");
        _isCompleted = true;
        if (_continuation is not { } continuation)
            return;
        var state = _state;
        if (RunContinuationsAsynchronously)
            ThreadPool.Queue(() => continuation(state));
        else
            continuation(state);
    }

    private readonly void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("The result is that of another operation.");
    }
}
