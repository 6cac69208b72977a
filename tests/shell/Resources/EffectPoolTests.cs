using System.Collections.Concurrent;
using Http2.Pure;
using Hpack.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Buffers that are lent: one lies with one holder at a time, and comes back empty.</summary>
public sealed class EffectPoolTests
{
    [Fact]
    public void What_is_lent_is_lent_once()
    {
        OnOneThread(() =>
        {
            var lent = Enumerable.Range(0, 100).Select(static _ => EffectPool.RentOutput()).ToList();
            Assert.Equal(100, lent.Distinct().Count());
            lent.ForEach(EffectPool.ReturnOutput);
            var again = Enumerable.Range(0, 100).Select(static _ => EffectPool.RentOutput()).ToList();
            Assert.Equal(100, again.Distinct().Count());
            again.ForEach(EffectPool.ReturnOutput);
        });
    }

    [Fact]
    public void Effects_are_lent_once_and_come_back_empty()
    {
        OnOneThread(() =>
        {
            var (one, other) = (EffectPool.Rent(), EffectPool.Rent());
            Assert.NotSame(one, other);
            Assert.NotSame(one.Output, other.Output);
            one.Output.Write([1, 2, 3]);
            one.Events.Add(new ConnectionEvent.SettingsAcknowledged());
            EffectPool.Return(one);
            var again = EffectPool.Rent();
            Assert.Equal(0, again.Output.Length);
            Assert.Empty(again.Events);
            Assert.NotSame(again, EffectPool.Rent());
        });
    }

    [Fact]
    public void A_buffer_comes_back_empty_and_one_that_has_grown_does_not_come_back()
    {
        OnOneThread(() =>
        {
            var small = EffectPool.RentOutput();
            small.Write([1, 2, 3]);
            EffectPool.ReturnOutput(small);
            var again = EffectPool.RentOutput();
            Assert.Equal(0, again.Length);
            again.Write(new byte[300_000]);
            EffectPool.ReturnOutput(again);
            Assert.NotSame(again, EffectPool.RentOutput());
        });
    }

    /// <summary>Several threads borrow and give back; what two hold at once they would both write to.</summary>
    [Fact]
    public void Between_threads_nothing_is_lent_twice()
    {
        var held = new ConcurrentDictionary<OutputBuffer, bool>(ReferenceEqualityComparer.Instance);
        var doubled = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var mine = Enumerable.Range(0, 3).Select(static _ => EffectPool.RentOutput()).ToList();
                doubled += mine.Count(buffer => !held.TryAdd(buffer, true));
                Thread.Yield();
                mine.ForEach(buffer => held.TryRemove(buffer, out bool _));
                mine.ForEach(EffectPool.ReturnOutput);
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Equal(0, doubled);
    }

    // A thread has a buffer of its own in the pool, so what is lent depends on the thread.
    private static void OnOneThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
