using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The watch over threads that run connections.</summary>
public sealed class OwnerWatchTests
{
    [Fact]
    public void A_call_that_waits_is_taken_away_and_one_that_has_come_back_is_not()
    {
        using var goOn = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var connection = new Watched();
        var thread = new Thread(() =>
        {
            connection.Call = 4;
            connection.Thread = Environment.CurrentManagedThreadId;
            var sentry = Sentry.OfThisThread;
            var outer = sentry.Begin(connection);
            begun.Set();
            goOn.Wait();
            sentry.End(outer);
        });
        thread.Start();
        begun.Wait();
        Assert.True(SpinWait.SpinUntil(() => LookForCall(connection), Patience.Time));
        Assert.Equal(4, connection.Taken);
        // as long as the connection is in no call of user code there is nothing to take away
        (connection.Call, connection.Taken) = (0, 0);
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since).TotalMilliseconds < 2 * Sentry.ComputingAfter)
            Assert.True(OwnerWatch.Look());
        Assert.Equal(0, connection.Taken);
        goOn.Set();
        thread.Join();
    }

    [Fact]
    public void A_thread_that_has_ended_is_looked_after_no_more()
    {
        var sentry = SentryOfAThreadThatEnds();
        Assert.True(SpinWait.SpinUntil(() => IsGone(sentry), Patience.Time));
    }

    private static bool LookForCall(Watched connection)
    {
        OwnerWatch.Look();
        return connection.Taken != 0;
    }

    private static bool IsGone(WeakReference sentry)
    {
        OwnerWatch.Look();
        GC.Collect();
        return !sentry.IsAlive;
    }

    // In a method of its own, so that nothing here keeps it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SentryOfAThreadThatEnds()
    {
        WeakReference? sentry = null;
        var thread = new Thread(() => sentry = new WeakReference(Sentry.OfThisThread));
        thread.Start();
        thread.Join();
        return sentry!;
    }

    private sealed class Watched : IWatched
    {
        private long _call, _taken;

        public int Thread { get; set; }

        public long Call
        {
            get => Volatile.Read(ref _call);
            set => Volatile.Write(ref _call, value);
        }

        public long Taken
        {
            get => Volatile.Read(ref _taken);
            set => Volatile.Write(ref _taken, value);
        }

        public long CallOf(int thread) => thread == Thread ? Call : 0;

        public bool TryTakeAway(long call, bool computes)
        {
            Taken = call;
            return true;
        }
    }
}
