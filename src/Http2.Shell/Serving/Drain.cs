namespace Http2.Shell;

/// <summary>
/// The end of a server: who waits for it, and what cuts it short. A handler may wait for the end of its server as well. The request of such a
/// handler is not waited for, as it cannot end before the handler has stopped waiting. Thread-safe.
/// </summary>
/// <param name="connections">What must end.</param>
internal sealed class Drain(ConnectionRegistry connections)
{
    private readonly CancellationTokenSource _cutting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _inside = [];
    private bool _begun;

    /// <summary>Is cancelled when what is left is to be cut.</summary>
    public CancellationToken Cutting => _cutting.Token;

    /// <summary>Answers whether it is the first to begin.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var isFirst = !_begun;
            _begun = true;
            return isFirst;
        }
    }

    /// <summary>Cuts what is left.</summary>
    public void Cut() => _cutting.Cancel();

    /// <summary>Everything has ended, or was cut.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Waits for the end; see <see cref="Http2Server.StopAsync"/>.</summary>
    /// <param name="isInside">Whether a handler waits.</param>
    /// <param name="cancellation">Cuts what is left.</param>
    public async Task WaitAsync(bool isInside, CancellationToken cancellation)
    {
        // Not on the thread that cancels: to cut may run code of the user's.
        using var cutting = cancellation.UnsafeRegister(
            static drain => ThreadPool.UnsafeQueueUserWorkItem(static drain => drain.Cut(), (Drain)drain!, preferLocal: false), this);
        if (!isInside)
        {
            await _ended.Task.ConfigureAwait(false);
            return;
        }
        var alone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _inside.Add(alone);
        Look();
        await Task.WhenAny(_ended.Task, alone.Task).ConfigureAwait(false);
        lock (_gate)
            _inside.Remove(alone);
    }

    /// <summary>A stream or a connection has ended: perhaps only those are left whose handlers wait.</summary>
    public void Look()
    {
        lock (_gate)
        {
            var waiting = _inside.Count;
            if (waiting == 0 || connections.Count > waiting || connections.Open.Sum(c => c.StreamCount) > waiting)
                return;
            _inside.ForEach(alone => alone.TrySetResult());
        }
    }
}
