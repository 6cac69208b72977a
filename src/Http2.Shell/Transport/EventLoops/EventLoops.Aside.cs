namespace Http2.Shell;

/// <content>Work that is known to take long, and the threads beside those that serve.</content>
internal sealed partial class EventLoops
{
    /// <summary>How many threads are held up by what they are at, so that others serve in their place, or nobody does.</summary>
    internal int HeldThreads
    {
        get
        {
            lock (_gate)
                return _workers.Count(worker => worker.State is LoopState.Aside or LoopState.Stuck && ((worker.Work & 1) == 1 || worker.IsCalled));
        }
    }

    /// <summary>Leaves long work to a thread beside those that serve.</summary>
    private void Defer(LoopTurn turn, WorkWeight weight)
    {
        lock (_gate)
        {
            _turns.Add(turn, weight);
            CallForTurns();
        }
    }

    /// <summary>
    /// Has as many threads called as there is long work that may go on. When there is none, and none can be made, those that serve do it.
    /// Under the lock.
    /// </summary>
    private void CallForTurns()
    {
        while (_turns.Ready > _called)
        {
            if (_book.Call() is { } worker)
            {
                _called++;
                worker.IsCalled = true;
                worker.Call.Set();
                continue;
            }
            var mayMake = _book.MayMake && _refusedUntil == 0;
            if (mayMake)
            {
                // The watchdog makes one: at once, and also when it sleeps since nobody else is at work.
                _watch.Set();
                _hurry.Set();
            }
            _isShort = !mayMake && _called == 0 && !_workers.Exists(IsAsideAtWork);
            if (_isShort)
                Epoll.Signal(_signal);
            return;
        }
    }

    private static bool IsAsideAtWork(LoopWorker worker) => worker.State == LoopState.Aside && (worker.Work & 1) == 1;

    /// <summary>What a thread does that does not serve: takes a place, or long work, or sleeps.</summary>
    /// <returns>Whether there is still a use for it.</returns>
    private bool GoOn(LoopWorker worker)
    {
        LoopTurn turn;
        bool isParked;
        lock (_gate)
        {
            GiveLaneBack(worker);
            if (worker.IsCalled)
            {
                worker.IsCalled = false;
                _called--;
            }
            if (_book.Return(worker))
            {
                RebuildFront();
                CallForTurns();
                return true;
            }
            turn = default;
            if (worker.State == LoopState.Aside && !_turns.TryTake(out turn, out worker.HasLane))
                _book.Park(worker);
            isParked = worker.State == LoopState.Parked;
            CallForTurns();
        }
        if (isParked)
            Sleep(worker);
        else if (worker.State != LoopState.Ended)
            RunTurn(worker, turn);
        return worker.State != LoopState.Ended;
    }

    private void RunTurn(LoopWorker worker, LoopTurn turn)
    {
        if (turn.Work is { } work)
            Run(worker, work);
        else if (_sources.Find(turn.Report.Token) is { } source)
            source.Weight = Tell(worker, source, turn.Report.Events);
    }

    /// <summary>
    /// When the limit leaves no thread beside those that serve, and none will come back from long work, one that serves does it itself.
    /// </summary>
    private void RunTurnWithoutThreads(LoopWorker worker)
    {
        LoopTurn turn;
        lock (_gate)
        {
            if (!_isShort || worker.State != LoopState.Serving || !_turns.TryTake(out turn, out worker.HasLane))
                return;
        }
        RunTurn(worker, turn);
        lock (_gate)
        {
            GiveLaneBack(worker);
            CallForTurns();
        }
    }

    // Under the lock.
    private void GiveLaneBack(LoopWorker worker)
    {
        if (!worker.HasLane)
            return;
        worker.HasLane = false;
        _turns.GiveLaneBack();
    }

    private void Sleep(LoopWorker worker)
    {
        while (worker.State == LoopState.Parked && !_stopping)
        {
            if (worker.Call.WaitOne(ParkedFor))
                continue;
            lock (_gate)
                _book.TryEnd(worker);
        }
    }
}
