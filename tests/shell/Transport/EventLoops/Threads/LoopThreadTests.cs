using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Blocked threads are told from busy ones.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopThreadTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_thread_that_waits_is_seen_waiting(bool keepOpen, bool withoutDescriptor)
    {
        using var release = new ManualResetEventSlim();
        var started = new TaskCompletionSource<LoopThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            started.SetResult(LoopThread.Current(keepOpen, () => withoutDescriptor));
            release.Wait();
        });
        thread.Start();
        using var waiting = await started.Task.Soon();
        Assert.True(SpinWait.SpinUntil(waiting.IsWaiting, Patience.Time));
        release.Set();
        thread.Join();
    }

    [Fact]
    public async Task A_thread_that_computes_is_seen_computing_also_while_it_waits_for_a_core()
    {
        var stop = false;
        var started = new TaskCompletionSource<LoopThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        // more of them than there are cores, so that some always wait for one
        var threads = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            started.TrySetResult(LoopThread.Current());
            while (!Volatile.Read(ref stop))
                Thread.SpinWait(1000);
        })).ToList();
        threads.ForEach(t => t.Start());
        var computing = await started.Task.Soon();
        Assert.All(Enumerable.Range(0, 20), _ => Assert.False(computing.IsWaiting()));
        Volatile.Write(ref stop, true);
        threads.ForEach(t => t.Join());
    }

    [Fact]
    public async Task A_thread_that_has_ended_counts_as_waiting()
    {
        var started = new TaskCompletionSource<LoopThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => started.SetResult(LoopThread.Current()));
        thread.Start();
        var gone = await started.Task.Soon();
        thread.Join();
        // The kernel forgets the thread a moment after it has ended for us.
        Assert.True(SpinWait.SpinUntil(gone.IsWaiting, Patience.Time));
    }

    [Fact]
    public async Task A_thread_that_computes_is_seen_computing_even_without_a_descriptor()
    {
        var stop = false;
        var started = new TaskCompletionSource<LoopThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            started.SetResult(LoopThread.Current(keepOpen: false, () => true));
            while (!Volatile.Read(ref stop))
                Thread.SpinWait(1000);
        });
        thread.Start();
        var computing = await started.Task.Soon();
        computing.IsWaiting();
        // it may find no core at times, but not each time
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(20);
                return !computing.IsWaiting();
            },
            Patience.Time));
        Volatile.Write(ref stop, true);
        thread.Join();
    }
}
