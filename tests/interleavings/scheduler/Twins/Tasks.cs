using System.Runtime.CompilerServices;

namespace Http2.Interleavings.Twins;

/// <summary>Stands in for <see cref="System.Threading.CancellationTokenSource"/>.</summary>
public sealed class CancellationTokenSource : System.Threading.CancellationTokenSource
{
    public new bool IsCancellationRequested
    {
        get
        {
            Step.Before("IsCancellationRequested");
            return base.IsCancellationRequested;
        }
    }

    /// <summary>One that is cancelled with a token.</summary>
    public static new CancellationTokenSource CreateLinkedTokenSource(CancellationToken token)
    {
        var linked = new CancellationTokenSource();
        token.UnsafeRegister(static linked => ((CancellationTokenSource)linked!).Cancel(), linked);
        return linked;
    }

    public new void Cancel()
    {
        Step.Before("Cancel");
        base.Cancel();
    }

    /// <summary>The token is cancelled on the pool, and what was registered runs there.</summary>
    public new Task CancelAsync()
    {
        Step.Before("CancelAsync");
        if (base.IsCancellationRequested)
            return Task.CompletedTask;
        var done = new System.Threading.Tasks.TaskCompletionSource();
        ThreadPool.Queue(() =>
        {
            base.Cancel();
            done.SetResult();
        });
        return done.Task;
    }
}

/// <summary>Stands in for <see cref="System.Threading.Tasks.TaskCompletionSource"/>: what waits for it goes on where it is completed.</summary>
public sealed class TaskCompletionSource : System.Threading.Tasks.TaskCompletionSource
{
    public TaskCompletionSource()
    {
    }

    public TaskCompletionSource(TaskCreationOptions options)
        : base(options & ~TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    public new bool TrySetResult()
    {
        Step.Before("TrySetResult");
        return base.TrySetResult();
    }
}

/// <summary>Stands in for <see cref="System.Threading.Tasks.TaskCompletionSource{TResult}"/>.</summary>
public sealed class TaskCompletionSource<T> : System.Threading.Tasks.TaskCompletionSource<T>
{
    public TaskCompletionSource()
    {
    }

    public TaskCompletionSource(TaskCreationOptions options)
        : base(options & ~TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    public new bool TrySetResult(T result)
    {
        Step.Before("TrySetResult");
        return base.TrySetResult(result);
    }
}

/// <summary>
/// Calls of instance methods for which the rewriting has the static ones here called: a strand must not wait in the runtime, where nobody
/// knows that it does.
/// </summary>
public static class Awaiting
{
    public static T GetResult<T>(ref TaskAwaiter<T> awaiter)
    {
        if (!awaiter.IsCompleted)
        {
            var copy = awaiter;
            Step.Wait("a task", () => copy.IsCompleted);
        }
        return awaiter.GetResult();
    }

    public static void GetResult(ref TaskAwaiter awaiter)
    {
        if (!awaiter.IsCompleted)
        {
            var copy = awaiter;
            Step.Wait("a task", () => copy.IsCompleted);
        }
        awaiter.GetResult();
    }

    public static void UnsafeOnCompleted(ref ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter awaiter, Action continuation)
    {
        Step.Before("begins to wait for a task");
        if (awaiter.IsCompleted)
            ThreadPool.Queue(continuation);
        else
            awaiter.UnsafeOnCompleted(continuation);
    }

    public static void UnsafeOnCompleted<T>(ref ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter awaiter, Action continuation)
    {
        Step.Before("begins to wait for a task");
        if (awaiter.IsCompleted)
            ThreadPool.Queue(continuation);
        else
            awaiter.UnsafeOnCompleted(continuation);
    }
}
