using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The account of the event loops' threads, without threads.</summary>
public sealed class ThreadBookTests
{
    [Fact]
    public void The_first_threads_serve_and_the_others_are_parked()
    {
        var book = new ThreadBook<Worker>(wanted: 2, limit: 4, spare: 1);
        Worker[] workers = [Made(book), Made(book), Made(book)];
        Assert.Equal([LoopState.Serving, LoopState.Serving, LoopState.Parked], workers.Select(w => w.State));
        Assert.Equal((2, 1, 3, true), (book.Serving, book.Parked, book.Alive, book.MayMake));
    }

    [Fact]
    public void A_parked_thread_takes_the_place_of_one_that_is_held_up_which_is_parked_when_it_comes_back()
    {
        var book = new ThreadBook<Worker>(1, 2, 1);
        var (first, second) = (Made(book), Made(book));
        Assert.Same(second, book.Hold(first));
        Assert.Equal((LoopState.Aside, LoopState.Serving), (first.State, second.State));
        Assert.False(book.Return(first));
        book.Park(first);
        Assert.Equal(LoopState.Parked, first.State);
    }

    [Fact]
    public void At_the_limit_each_thread_that_is_held_up_serves_again_when_it_comes_back()
    {
        var book = new ThreadBook<Worker>(2, 2, 0);
        Worker[] workers = [Made(book), Made(book)];
        Assert.All(workers, worker => Assert.Null(book.Hold(worker)));
        Assert.Equal((0, 2, false), (book.Serving, book.Stuck, book.MayMake));
        Assert.All(workers, worker => Assert.True(book.Return(worker)));
        Assert.Equal((2, 0), (book.Serving, book.Stuck));
    }

    [Fact]
    public void Whoever_comes_back_first_serves_and_the_one_that_was_stuck_for_longest_is_relieved()
    {
        var book = new ThreadBook<Worker>(1, 3, 0);
        var first = Made(book);
        Assert.Null(book.Hold(first));
        var second = Made(book);
        Assert.Equal((LoopState.Aside, LoopState.Serving), (first.State, second.State));
        Assert.Null(book.Hold(second));
        Assert.True(book.Return(first));
        Assert.Equal((LoopState.Serving, LoopState.Aside), (first.State, second.State));
    }

    [Fact]
    public void A_lower_limit_ends_parked_threads_and_those_that_come_back_but_none_that_serves()
    {
        var book = new ThreadBook<Worker>(1, 5, 0);
        Worker[] workers = [.. Enumerable.Range(0, 5).Select(_ => Made(book))];
        Assert.NotNull(book.Call());
        Assert.Equal(3, book.LimitTo(0).Count);
        var aside = Assert.Single(workers, worker => worker.State == LoopState.Aside);
        Assert.False(book.Return(aside));
        book.Park(aside);
        Assert.Equal(LoopState.Ended, aside.State);
        Assert.Equal((1, 1, 1), (book.Serving, book.Alive, book.Limit));
    }

    [Fact]
    public void Spare_threads_stay_however_long_they_are_parked()
    {
        var book = new ThreadBook<Worker>(1, 5, 2);
        Worker[] parked = [.. Enumerable.Range(0, 4).Select(_ => Made(book)).Where(worker => worker.State == LoopState.Parked)];
        Assert.Equal([true, false, false], parked.Select(book.TryEnd));
    }

    [Fact]
    public void Whatever_happens_every_place_is_filled_or_will_be_by_the_thread_that_left_it()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (wanted, limit) = (random.Next(1, 4), 0);
            limit = wanted + random.Next(0, 5);
            var book = new ThreadBook<Worker>(wanted, limit, random.Next(0, 3));
            var workers = Enumerable.Range(0, wanted).Select(_ => Made(book)).ToList();
            for (var step = 0; step < 200; step++)
            {
                Step(book, workers, random, limit);
                Assert.Equal(wanted, book.Serving + book.Stuck);
                Assert.Equal(workers.Count(w => w.State == LoopState.Serving), book.Serving);
                Assert.Equal(workers.Count(w => w.State == LoopState.Stuck), book.Stuck);
                Assert.Equal(workers.Count(w => w.State == LoopState.Aside), book.Aside);
                Assert.Equal(workers.Count(w => w.State == LoopState.Parked), book.Parked);
                Assert.InRange(book.Alive, wanted, limit);
                Assert.True(book.Stuck == 0 || book.Parked == 0, "a parked thread could take a place");
            }
            // all come back: as it was
            workers.ForEach(worker =>
            {
                if (!book.Return(worker) && worker.State == LoopState.Aside)
                    book.Park(worker);
            });
            Assert.Equal((wanted, 0, 0), (book.Serving, book.Stuck, book.Aside));
        }
    }

    private static void Step(ThreadBook<Worker> book, List<Worker> workers, Random random, int limit)
    {
        var worker = workers[random.Next(workers.Count)];
        switch (random.Next(6))
        {
            case 0:
                book.Hold(worker);
                break;
            case 1 when worker.State is LoopState.Stuck or LoopState.Aside:
                if (!book.Return(worker))
                    book.Park(worker);
                break;
            case 2 when book.MayMake:
                workers.Add(Made(book));
                break;
            case 3:
                book.Call();
                break;
            case 4:
                book.TryEnd(worker);
                break;
            case 5:
                book.LimitTo(random.Next(0, limit + 1));
                break;
        }
    }

    private static Worker Made(ThreadBook<Worker> book)
    {
        var worker = new Worker();
        book.Add(worker);
        return worker;
    }

    private sealed class Worker : BookedThread
    {
    }
}
