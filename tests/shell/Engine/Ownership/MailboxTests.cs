using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Tasks that any thread leaves for the owner: each comes once, those of one thread in order, and the first tells that there are some.</summary>
public sealed class MailboxTests
{
    private Mailbox _mailbox;

    [Fact]
    public void The_first_task_tells_and_the_others_do_not()
    {
        Assert.True(_mailbox.IsEmpty);
        Assert.True(_mailbox.Post(new Numbered(1)));
        Assert.False(_mailbox.Post(new Numbered(2)));
        Assert.False(_mailbox.IsEmpty);
        Assert.Equal([1, 2], Taken());
        Assert.True(_mailbox.IsEmpty);
        Assert.True(_mailbox.Post(new Numbered(3)));
    }

    [Fact]
    public void Nothing_is_taken_from_an_empty_one() => Assert.Null(_mailbox.Take());

    [Fact]
    public void A_task_that_lies_in_it_is_not_posted_again_until_it_was_taken()
    {
        var task = new Numbered(1);
        Assert.True(_mailbox.Post(task));
        Assert.False(_mailbox.Post(task));
        Assert.Equal([1], Taken());
        Assert.True(_mailbox.Post(task));
    }

    [Fact]
    public void It_is_brief_when_all_of_its_tasks_are()
    {
        Assert.True(_mailbox.IsBrief);
        _mailbox.Post(new Numbered(1, isBrief: true));
        Assert.True(_mailbox.IsBrief);
        _mailbox.Post(new Numbered(2));
        _mailbox.Post(new Numbered(3, isBrief: true));
        Assert.False(_mailbox.IsBrief);
    }

    /// <summary>Several threads post while the owner takes: nothing is lost, nothing comes twice, and nobody overtakes itself.</summary>
    [Fact]
    public void Between_threads_nothing_is_lost_and_nothing_comes_twice()
    {
        const int Posters = 3, Each = 20_000;
        var taken = new List<int>(Posters * Each);
        var posters = Enumerable.Range(0, Posters).Select(poster => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
                _mailbox.Post(new Numbered((poster * Each) + i));
        })).ToList();
        posters.ForEach(static thread => thread.Start());
        while (posters.Exists(static thread => thread.IsAlive))
            taken.AddRange(Taken());
        taken.AddRange(Taken());
        Assert.Equal(Posters * Each, taken.Count);
        Assert.Equal(Posters * Each, taken.Distinct().Count());
        Assert.All(Enumerable.Range(0, Posters), poster =>
        {
            var own = taken.Where(number => number / Each == poster).ToList();
            Assert.Equal(own.Order(), own);
        });
    }

    private List<int> Taken()
    {
        var taken = new List<int>();
        for (var task = _mailbox.Take(); task is not null; task = task.Next)
        {
            taken.Add(((Numbered)task).Number);
            task.Unclaim();
        }
        return taken;
    }

    private sealed class Numbered(int number, bool isBrief = false) : OwnerTask
    {
        public int Number => number;

        internal override bool IsBrief => isBrief;

        public override void Run()
        {
        }
    }
}
