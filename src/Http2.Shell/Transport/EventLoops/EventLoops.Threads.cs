namespace Http2.Shell;

/// <content>How the loops' threads and descriptors begin and end.</content>
internal sealed partial class EventLoops
{
    private static (int Epoll, int Signal) OpenDescriptors(LoopSettings settings)
    {
        var epoll = -1;
        try
        {
            epoll = settings.Refuses(Scarce.Descriptor) ? throw Http2ShortageException.OfDescriptors() : Epoll.Create();
            return (epoll, settings.Refuses(Scarce.Descriptor)
                ? throw Http2ShortageException.OfDescriptors()
                : Epoll.CreateSignal(epoll, SignalToken));
        }
        catch (IOException failure)
        {
            if (epoll >= 0)
                Epoll.Close(epoll);
            throw failure as Http2ShortageException ?? Http2ShortageException.OfDescriptors(failure);
        }
    }

    /// <summary>Starts a thread; answers false when the system gives none.</summary>
    private bool TryStart(Action work, string name)
    {
        try
        {
            if (_settings.Refuses(Scarce.Thread))
                return false;
            new Thread(() => work()) { IsBackground = true, Name = name }.Start();
            return true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    private bool TryMakeWorker()
    {
        bool keepsStatusOpen;
        var worker = new LoopWorker(this);
        lock (_gate)
        {
            keepsStatusOpen = _workers.Count < _settings.Threads + _settings.Spare;
            _workers.Add(worker);
        }
        // It is parked until it has its place: with the lock held, its start would hold up those that serve.
        var made = TryStart(() => Serve(worker, keepsStatusOpen), "http2-loop");
        lock (_gate)
        {
            if (made)
                _book.Add(worker);
            else
                _workers.Remove(worker);
            RebuildFront();
        }
        if (worker.State == LoopState.Serving)
            worker.Call.Set();
        return made;
    }

    private void RebuildFront() => _front =
        [.. _workers.Where(worker => worker.State is LoopState.Serving or LoopState.Stuck || !worker.Batch.IsEmpty)];

    private void End(LoopWorker worker)
    {
        worker.Thread?.Dispose();
        lock (_gate)
        {
            _workers.Remove(worker);
            RebuildFront();
            CloseWhenGone();
        }
        if (_stopping)
            LeaveToPool();
    }

    // Under the lock.
    private void CloseWhenGone()
    {
        if (!_stopping || _workers.Count > 0 || !_isWatchdogGone)
            return;
        Epoll.Close(_signal);
        Epoll.Close(_epoll);
    }

    /// <summary>Work that comes when the loops are ending, such as the answer of a handler whose connection was cut.</summary>
    private void LeaveToPool()
    {
        _queue.MoveLine();
        while (_queue.TryTake(out var work, []))
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        lock (_gate)
        {
            for (; _turns.TryTake(out var turn, out var hasLane);)
            {
                if (hasLane)
                    _turns.GiveLaneBack();
                if (turn.Work is { } work)
                    ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
            }
        }
    }
}
