namespace Http2.Shell;

/// <summary>
/// Says when event loops may take one more of the threads that the system gives. The last ones are the runtime's: it makes threads when it
/// likes, for compiling and for signals above all, and ends the process when it gets none. So some places are left free, as the system counts
/// them, and some more are held (<see cref="ThreadReserve"/>), to be given up when too few are free: because a limit was lowered, because other
/// processes of the user have them, or because the system refuses a thread although it seemed to have one. Belongs to one thread.
/// </summary>
/// <param name="left">How many threads more the system would give, as <see cref="ThreadRoom.Left"/> says.</param>
/// <param name="limit">The limit that may be lowered from outside, as <see cref="ThreadRoom.OfUser"/> says: cheap to ask for.</param>
/// <param name="reserve">The places that are held.</param>
internal sealed class ThreadSupply(Func<long?> left, Func<long> limit, ThreadReserve reserve)
{
    /// <summary>How many places are left free.</summary>
    internal const int LeftToTheRuntime = 4;

    /// <summary>How long a count of the system's is relied on, and how long a lowered limit may go unnoticed, in milliseconds.</summary>
    internal const int LookEach = 1000;

    private long _countedUntil = long.MinValue;
    private long _nextLook = long.MinValue;
    private long _limit = -1;
    private long _allowed;

    /// <summary>How many threads must end for the runtime to have what is left to it: known when none may be taken.</summary>
    internal int Missing { get; private set; }

    /// <summary>Takes the places that are held, and looks whether the limit was changed. Cheap; to be called often.</summary>
    /// <param name="now">The time in milliseconds.</param>
    internal void Look(long now)
    {
        if (now < _nextLook)
            return;
        _nextLook = now + LookEach;
        var before = _limit;
        _limit = limit();
        if (_limit == before)
            return;
        Count(now);
        if (_allowed > 0 && !reserve.TryHold())
            Refused();
    }

    /// <summary>Whether a thread may be asked for now.</summary>
    /// <param name="now">The time in milliseconds.</param>
    internal bool MayTake(long now)
    {
        if (now >= _countedUntil || _allowed <= 0)
            Count(now);
        if (_allowed <= 0)
            return false;
        if (!reserve.TryHold())
        {
            Refused();
            return false;
        }
        _allowed--;
        return true;
    }

    /// <summary>The system gave no thread.</summary>
    internal void Refused()
    {
        (_allowed, Missing) = (0, reserve.IsHeld ? 0 : LeftToTheRuntime);
        reserve.GiveUp();
    }

    /// <summary>Leaves the places that are held to others, for good.</summary>
    internal void End() => reserve.GiveUp();

    // What cannot be counted is tried: when all the places can be held at once there is room.
    private void Count(long now)
    {
        _countedUntil = now + LookEach;
        var free = left() ?? Http2ProcessLimits.Unbounded;
        var held = reserve.IsHeld ? ThreadReserve.Size : 0;
        _allowed = free - LeftToTheRuntime - (ThreadReserve.Size - held);
        if (_allowed > 0)
            return;
        Missing = (int)Math.Clamp(LeftToTheRuntime - held - free, 0, LeftToTheRuntime);
        reserve.GiveUp();
    }
}
