namespace Http2.Interleavings.Twins;

/// <summary>Stands in for <see cref="System.Threading.Lock"/>.</summary>
public sealed class Lock
{
    private Strand? _owner;
    private int _depth;

    /// <summary>Whether the calling strand holds it.</summary>
    public bool IsHeldByCurrentThread => _depth > 0 && _owner == Strand.Current;

    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    public void Enter()
    {
        var me = Strand.Current;
        if (_depth > 0 && _owner == me)
        {
            _depth++;
            return;
        }
        Step.Wait("a lock", () => _depth == 0);
        (_owner, _depth) = (me, 1);
    }

    public void Exit()
    {
        if (!IsHeldByCurrentThread)
            throw new SynchronizationLockException("The strand that leaves a lock does not hold it.");
        if (--_depth > 0)
            return;
        _owner = null;
        Step.Now();
    }

    /// <summary>Leaves the lock at the end of a block.</summary>
    public ref struct Scope
    {
        private Lock? _entered;

        internal Scope(Lock entered) => _entered = entered;

        public void Dispose()
        {
            var entered = _entered;
            _entered = null;
            entered?.Exit();
        }
    }
}

/// <summary>Stands in for <see cref="System.Threading.SpinWait"/>: whoever spins goes on when another strand has done something.</summary>
public struct SpinWait
{
    public void SpinOnce()
    {
        if (Strand.Current is { } me)
            me.Schedule.Spin(me);
    }
}
