namespace Http2.Shell.Tests;

/// <summary>How far a handler is with reading its body.</summary>
internal sealed class ReadSignals
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<long> _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => _begun.Task;

    public Task<long> Counted => _counted.Task;

    public Task<Exception> Failed => _failed.Task;

    public void Begin() => _begun.TrySetResult();

    public void End(long count) => _counted.TrySetResult(count);

    public void Fail(Exception failure) => _failed.TrySetResult(failure);
}
