using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Who may touch a connection, as one word that threads race for.</summary>
public sealed class OwnershipTests
{
    private const int Races = 2_000;

    private Ownership _ownership;
    private int _inside;
    private int _doubled;

    [Fact]
    public void A_call_that_comes_back_leaves_its_thread_the_owner()
    {
        _ownership.Enter();
        var call = _ownership.BeginCall();
        Assert.Equal(call, _ownership.Call);
        Assert.True(_ownership.EndCall(call));
        Assert.Equal(0, _ownership.Call);
        Assert.False(_ownership.TryRevoke(call));
        _ownership.Leave();
    }

    [Fact]
    public void A_call_that_was_left_behind_is_told_so_and_has_no_rights()
    {
        _ownership.Enter();
        var call = _ownership.BeginCall();
        Assert.True(_ownership.TryRevoke(call));
        Assert.False(_ownership.TryAccess().IsTaken);
        Assert.False(_ownership.TryRevoke(call));
        _ownership.Release();
        Assert.False(_ownership.TryAccess().IsTaken);
        Assert.False(_ownership.EndCall(call));
        // and another thread has entered meanwhile
        Elsewhere(() =>
        {
            _ownership.Enter();
            _ownership.BeginCall();
        });
        Assert.False(_ownership.TryAccess().IsTaken);
        Assert.False(_ownership.EndCall(call));
    }

    [Fact]
    public void The_owners_thread_has_its_turn_in_a_call_and_outside()
    {
        _ownership.Enter();
        Assert.True(_ownership.TryAccess() is { IsTaken: true, IsLent: false });
        var call = _ownership.BeginCall();
        var access = _ownership.TryAccess();
        Assert.True(access is { IsTaken: true, IsLent: true, WasFree: false });
        Assert.True(_ownership.TryAccess() is { IsTaken: true, IsLent: false });
        Assert.False(_ownership.TryRevoke(call));
        _ownership.End(access);
        Assert.True(_ownership.EndCall(call));
    }

    [Fact]
    public void Another_thread_borrows_what_is_free_or_in_a_call_and_nothing_else()
    {
        Elsewhere(() => Borrow(expected: true, wasFree: true));
        _ownership.Enter();
        Elsewhere(() => Borrow(expected: false));
        var call = _ownership.BeginCall();
        Elsewhere(() => Borrow(expected: true, wasFree: false));
        Assert.True(_ownership.EndCall(call));
        _ownership.Leave();

        void Borrow(bool expected, bool wasFree = false)
        {
            Assert.False(_ownership.TryAccess().IsTaken);
            var access = _ownership.TryBorrow();
            Assert.Equal(expected, access.IsTaken);
            Assert.Equal(wasFree, access.WasFree);
            _ownership.End(access);
        }
    }

    /// <summary>An owner, somebody who takes its calls away, and somebody who borrows: never two at once, and every call has one end.</summary>
    [Fact]
    public void Whoever_races_for_it_there_is_one_at_a_time()
    {
        var (kept, lost, taken, over) = (0, 0, 0, false);
        var taker = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                if (_ownership.Call is var call and not 0 && _ownership.TryRevoke(call))
                {
                    taken++;
                    Exclusively(() => _ownership.Release());
                }
                Thread.Yield();
            }
        });
        var borrower = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                if (_ownership.TryBorrow() is { IsTaken: true } access)
                    Exclusively(() => _ownership.End(access));
                Thread.Yield();
            }
        });
        taker.Start();
        borrower.Start();
        for (var i = 0; i < Races; i++)
        {
            _ownership.Enter();
            Exclusively(() => { });
            var call = _ownership.BeginCall();
            Thread.SpinWait(i % 100);
            if (i % 3 == 0 && _ownership.TryAccess() is { IsTaken: true } access)
                Exclusively(() => _ownership.End(access));
            if (!_ownership.EndCall(call))
            {
                lost++;
                continue;
            }
            kept++;
            Exclusively(() => _ownership.Leave());
        }
        Volatile.Write(ref over, true);
        taker.Join();
        borrower.Join();
        Assert.Equal(0, _doubled);
        Assert.Equal(Races, kept + lost);
        Assert.Equal(lost, taken);
    }

    private void Exclusively(Action leave)
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0)
            Interlocked.Increment(ref _doubled);
        Thread.SpinWait(20);
        Interlocked.Exchange(ref _inside, 0);
        leave();
    }

    private static void Elsewhere(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
