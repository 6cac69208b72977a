namespace Http2.Shell;

/// <summary>
/// Calls of handlers, and what becomes of one that does not come back: <see cref="Ownership"/> says who may take the connection then. Every
/// call is made from the owner's loop with nothing half done. The thread that was left behind brings what came of the call as a task. Belongs
/// to the connection's owner.
/// </summary>
/// <param name="connection">The connection of the streams.</param>
internal sealed class Callbacks(Http2Connection connection)
{
    private readonly ConnectionOwner _owner = connection.Owner;
    private int _absences;

    /// <summary>Whether callbacks have not come back, or their tasks are not complete.</summary>
    public bool HasAbsences => _absences > 0;

    /// <summary>Calls back, or keeps that for the time when the last callback has returned.</summary>
    /// <param name="called">Who is called.</param>
    /// <param name="delivery">What is told.</param>
    /// <param name="mustKeepData">Whether octets that are given must outlast the call.</param>
    /// <returns>False when the call was left behind.</returns>
    public bool Tell(ICalledBack called, in Delivery delivery, bool mustKeepData = false)
    {
        if (called.Absence is not { } absence)
            return Call(called, mustKeepData ? delivery.Kept() : delivery);
        absence.Add(delivery);
        return true;
    }

    /// <summary>Calls back.</summary>
    /// <returns>False when the call was left behind.</returns>
    public bool Call(ICalledBack called, in Delivery delivery)
    {
        ValueTask returning;
        var call = _owner.BeginCall(called);
        try
        {
            returning = called.Deliver(delivery);
        }
        catch (Exception thrown)
        {
            returning = ValueTask.FromException(thrown);
        }
        var isOwner = _owner.EndCall(call);
        if (isOwner && returning.IsCompletedSuccessfully)
        {
            called.Returned(delivery.Kind, delivery.Data.Length, failure: null);
            return true;
        }
        var task = new ReturnTask(_owner, called, delivery.Kind, delivery.Data.Length, returning);
        if (!isOwner)
        {
            task.PostWhenReturned();
            return false;
        }
        if (returning.IsCompleted)
        {
            called.Returned(delivery.Kind, delivery.Data.Length, task.Failure());
            return true;
        }
        // Further callbacks wait for the task as they do for a callback that was left behind.
        BeginAbsence(called);
        task.PostWhenReturned();
        return true;
    }

    /// <summary>A callback is left behind. Its caller has the state to itself.</summary>
    public void LeaveBehind(ICalledBack called)
    {
        // It may be reading there.
        connection.Input.Detach();
        BeginAbsence(called);
    }

    /// <summary>The callbacks that waited for the one that was left behind are done.</summary>
    public void EndAbsence(ICalledBack called)
    {
        called.Absence = null;
        _absences--;
        called.Stream.EndWork();
        connection.Streams.RetireWhenIdle(called.Stream);
    }

    // Further callbacks wait for the one that was begun.
    private void BeginAbsence(ICalledBack called)
    {
        var absence = called.Absence;
        if (absence is null)
        {
            called.Absence = absence = new Absence(called);
            _absences++;
            called.Stream.BeginWork();
        }
        absence.IsAway = true;
    }

    /// <summary>A callback that was left behind, or whose task was not complete, has come back.</summary>
    private sealed class ReturnTask(
        ConnectionOwner owner, ICalledBack called, Delivery.Kinds kind, int octets, ValueTask returning) : OwnerTask
    {
        private readonly ValueTask _returning = returning;
        private Exception? _failure;

        /// <summary>What the callback failed with, once it has come back; asked for once.</summary>
        public Exception? Failure()
        {
            try
            {
                _returning.GetAwaiter().GetResult();
                return null;
            }
            catch (Exception thrown)
            {
                return thrown;
            }
        }

        public void PostWhenReturned()
        {
            if (_returning.IsCompleted)
            {
                _failure = Failure();
                // The thread that was left behind wakes the connection when it has left the methods that it is in.
                owner.PostQuietly(this);
                return;
            }
            _returning.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
            {
                _failure = Failure();
                owner.Post(this);
            });
        }

        public override void Run()
        {
            called.Returned(kind, octets, _failure);
            if (called.Absence is not { } absence)
                return;
            absence.IsAway = false;
            called.Stream.Engine.Events.AddWork(absence);
        }
    }
}
