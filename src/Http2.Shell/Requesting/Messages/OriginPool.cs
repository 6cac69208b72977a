namespace Http2.Shell;

/// <summary>The connections to one scheme, host and port. Thread-safe.</summary>
/// <param name="address">Where they lead.</param>
/// <param name="options">How they are made.</param>
/// <param name="most">How many there may be.</param>
/// <param name="lifetime">How long each is used for new requests.</param>
internal sealed class OriginPool(Uri address, Http2ClientOptions options, int most, TimeSpan lifetime) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private volatile Pooled[] _connections = [];
    private Task? _connecting;
    private bool _isDisposed;

    /// <summary>How many connections are open.</summary>
    public int Count => _connections.Length;

    /// <summary>A connection on which a place was taken for one more request, or null when none has a place.</summary>
    public Http2ClientConnection? TryTake()
    {
        foreach (var pooled in _connections)
        {
            var connection = pooled.Connection;
            if (connection.IsOpen && !IsOld(pooled) && connection.Role.Queue.TryTakePlace())
                return connection;
        }
        return null;
    }

    /// <summary>
    /// A connection on which a place was taken for one more request: one that had a place, one that is made now, or, when there may be no more, the
    /// one with the fewest requests, where it waits.
    /// </summary>
    /// <exception cref="Http2ConnectException">It could not be connected.</exception>
    public async ValueTask<Http2ClientConnection> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task connecting;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(Http2MessageHandler));
                if (TryTake() is { } free)
                    return free;
                var open = _connections.Where(pooled => pooled.Connection.IsOpen && !IsOld(pooled)).ToList();
                if (open.Count >= most)
                {
                    var least = open.MinBy(pooled => pooled.Connection.Role.Queue.Load)!.Connection;
                    least.Role.Queue.TakePlace();
                    return least;
                }
                connecting = _connecting ??= ConnectAsync();
            }
            await connecting.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all connections.</summary>
    public void Dispose()
    {
        Pooled[] open;
        lock (_gate)
        {
            _isDisposed = true;
            open = _connections;
        }
        _disposing.Cancel();
        foreach (var pooled in open)
            _ = pooled.Connection.DisposeAsync().AsTask();
    }

    // One at a time: those that wait for it look again, and connect another when it is not enough.
    private async Task ConnectAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var connection = await Http2ClientConnection.ConnectAsync(address, options, _disposing.Token).ConfigureAwait(false);
            bool isLate;
            lock (_gate)
            {
                isLate = _isDisposed;
                if (!isLate)
                    _connections = [.. _connections, new Pooled(connection, Environment.TickCount64)];
            }
            if (isLate)
                await connection.DisposeAsync().ConfigureAwait(false);
            else
                _ = RemoveWhenEndedAsync(connection);
        }
        finally
        {
            lock (_gate)
                _connecting = null;
        }
    }

    private async Task RemoveWhenEndedAsync(Http2ClientConnection connection)
    {
        if (lifetime != Timeout.InfiniteTimeSpan)
        {
            await Task.WhenAny(connection.Ended, Task.Delay(lifetime, options.TimeProvider, _disposing.Token)).ConfigureAwait(false);
            await connection.ShutdownAsync().ConfigureAwait(false);
        }
        await connection.Ended.ConfigureAwait(false);
        lock (_gate)
            _connections = [.. _connections.Where(pooled => pooled.Connection != connection)];
    }

    private bool IsOld(Pooled pooled) =>
        lifetime != Timeout.InfiniteTimeSpan && Environment.TickCount64 - pooled.Since >= lifetime.TotalMilliseconds;

    /// <summary>A connection, and when it was made, in milliseconds of the system.</summary>
    private sealed record Pooled(Http2ClientConnection Connection, long Since);
}
