using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What other threads leave to the event loops.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunQueueTests
{
    private readonly List<IThreadPoolWorkItem> _pool = [];
    private readonly RunQueue _queue;
    private int _wakes;

    public RunQueueTests() => _queue = new RunQueue(() => _wakes++, _pool.Add);

    [Fact]
    public async Task Brief_work_of_pool_threads_is_done_at_the_end_of_the_pools_line_together()
    {
        Work[] works = [new(isBrief: true), new(isBrief: true)];
        await Task.Run(() => Array.ForEach(works, work => _queue.Add(work, [])));
        Assert.Equal((0, true), (_wakes, _queue.IsEmpty));
        Assert.Single(_pool).Execute();
        Assert.All(works, work => Assert.Equal(1, work.Runs));
        Assert.Equal((0, true), (_wakes, _queue.IsEmpty));
    }

    [Fact]
    public async Task What_turns_out_not_to_be_brief_is_left_to_the_loops()
    {
        var work = new Work(isBrief: false);
        await Task.Run(() => _queue.Add(work, []));
        Assert.Single(_pool).Execute();
        Assert.Equal((0, 1), (work.Runs, _wakes));
        Assert.True(_queue.TryTake(out var taken, []));
        Assert.Same(work, taken);
    }

    [Fact]
    public async Task What_the_pool_does_not_come_to_is_moved_to_the_loops_when_the_watchdog_looks()
    {
        await Task.Run(() => _queue.Add(new Work(isBrief: true), []));
        Assert.True(_queue.Look());
        Assert.Equal((1, false), (_wakes, _queue.IsEmpty));
        Assert.True(_queue.TryTake(out _, []));
        Assert.False(_queue.Look());
    }

    [Fact]
    public async Task What_the_pool_does_come_to_is_not()
    {
        await Task.Run(() => _queue.Add(new Work(isBrief: true), []));
        _pool[0].Execute();
        await Task.Run(() => _queue.Add(new Work(isBrief: true), []));
        Assert.True(_queue.Look());
        Assert.Equal((0, true), (_wakes, _queue.IsEmpty));
    }

    [Fact]
    public async Task A_pool_that_gets_no_thread_leaves_all_to_the_loops()
    {
        var queue = new RunQueue(() => _wakes++, _ => throw new OutOfMemoryException());
        var work = new Work(isBrief: true);
        await Task.Run(() => queue.Add(work, []));
        Assert.True(queue.TryTake(out var taken, []));
        Assert.Same(work, taken);
    }

    [Fact]
    public void Work_of_other_threads_wakes_one_thread_that_waits_and_no_other_until_that_one_looks()
    {
        var crew = new PlayedCrew(1, 0, 1).Crew;
        LoopWorker[] threads = [new(crew) { IsWaiting = false }, new(crew) { IsWaiting = true }];
        var thread = new Thread(() =>
        {
            _queue.Add(new Work(true), [threads[0]]);
            Assert.Equal(0, _wakes);
            _queue.Add(new Work(true), threads);
            _queue.Add(new Work(true), threads);
            Assert.Equal(1, _wakes);
            _queue.OnWoken();
            Assert.True(_queue.TryTake(out _, threads));
            Assert.Equal(2, _wakes);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(2, _wakes);
    }

    private sealed class Work(bool isBrief) : IBriefWork
    {
        public int Runs { get; private set; }

        public bool TryRunBriefly()
        {
            if (isBrief)
                Runs++;
            return isBrief;
        }

        public void Execute() => Runs++;
    }
}
