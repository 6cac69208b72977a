using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Readiness that is reported once: it is kept until somebody takes it, and whoever waits is told once.</summary>
public sealed class ReadyGateTests
{
    private ReadyGate _gate;

    [Fact]
    public void What_became_ready_before_anybody_asked_is_there()
    {
        Assert.False(_gate.TryTake());
        Assert.False(_gate.Signal(ended: false));
        Assert.True(_gate.TryTake());
        Assert.False(_gate.TryTake());
    }

    [Fact]
    public void Whoever_waits_is_told_and_finds_it_ready()
    {
        Assert.True(_gate.Wait());
        Assert.True(_gate.Signal(ended: false));
        Assert.True(_gate.TryTake());
        Assert.False(_gate.Signal(ended: false));
    }

    [Fact]
    public void Who_begins_to_wait_behind_the_report_does_not_wait()
    {
        _gate.Signal(ended: false);
        Assert.False(_gate.Wait());
        Assert.True(_gate.TryTake());
        // and nobody waits any more: the next report tells nobody
        Assert.False(_gate.Signal(ended: false));
    }

    [Fact]
    public void The_end_stays_ready()
    {
        Assert.True(_gate.Wait());
        Assert.True(_gate.Signal(ended: true));
        for (var i = 0; i < 3; i++)
            Assert.True(_gate.TryTake());
        Assert.False(_gate.Wait());
    }

    [Fact]
    public void What_was_kept_is_ready_again()
    {
        _gate.Signal(ended: false);
        Assert.True(_gate.TryTake());
        _gate.Keep();
        Assert.True(_gate.TryTake());
        Assert.False(_gate.TryTake());
    }

    /// <summary>One thread waits and takes, another reports, each as fast as it can: no report is lost.</summary>
    [Fact]
    public void Between_two_threads_no_report_is_lost()
    {
        const int Reports = 20_000;
        using var woken = new SemaphoreSlim(0);
        var (reported, taken) = (0, 0);
        var taker = new Thread(() =>
        {
            while (Volatile.Read(ref taken) < Reports)
            {
                if (_gate.TryTake())
                    Volatile.Write(ref taken, Volatile.Read(ref reported));
                else if (_gate.Wait() && !woken.Wait(Patience.Time))
                    return;
            }
        });
        taker.Start();
        for (var i = 1; i <= Reports; i++)
        {
            Volatile.Write(ref reported, i);
            if (_gate.Signal(ended: false))
                woken.Release();
        }
        Assert.True(taker.Join(Patience.Time * 2));
        Assert.Equal(Reports, taken);
    }
}
