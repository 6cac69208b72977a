using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Streams;

/// <summary>Requests that wait for their responses, beside a plain set of numbers.</summary>
public sealed class AwaitedRequestsTests
{
    [Property(MaxTest = 500, EndSize = 1000)]
    public void It_is_a_set_of_numbers_within_a_window(byte[] actions, byte step)
    {
        var (awaited, model, next) = (new AwaitedRequests(), new SortedSet<uint>(), 1u);
        foreach (var action in actions)
        {
            if (action % 3 > 0)
            {
                while (!awaited.TryAdd(new(next)))
                {
                    // It is full only when the lowest is far below.
                    Assert.True(next - model.Min >= 2 * (256 - 63));
                    Assert.Equal(model.Min, awaited.TakeLowest().Value);
                    model.Remove(model.Min);
                }
                model.Add(next);
                next += 2u * (1 + (uint)(step % 5));
            }
            else
            {
                var id = model.Count == 0 ? next : model.ElementAt(action % model.Count);
                Assert.Equal(model.Remove(id), awaited.Remove(new(id)));
                Assert.False(awaited.Remove(new(id)));
            }
            Assert.Equal(model.Count, awaited.Count);
        }
        Assert.Equal(model, awaited.All.Select(id => id.Value));
        Assert.All(Enumerable.Range(0, (int)next), id => Assert.Equal(model.Contains((uint)id), awaited.Contains(new((uint)id))));
    }

    [Fact]
    public void Requests_that_wait_are_no_records_until_something_comes()
    {
        var book = StreamBook.Empty(Role.Client);
        for (var id = 1u; id <= 5; id += 2)
        {
            book.OpenOwn(new(id));
            book.PutAwaited(new(id));
        }
        Assert.Equal((3, 3, 3, 0), (book.OwnCount, book.LiveCount, book.Set.Count, book.RecordCount));
        Assert.Equal(StreamState.HalfClosedLocal, book.StateOf(new(3), out var stream));
        book.Put(stream, stream! with { Response = ResponseStage.WithBody });
        Assert.Equal((3, 1), (book.Set.Count, book.RecordCount));
        Assert.Equal(ResponseStage.WithBody, book.Find(new(3))!.Response);
        book.Close(book.Find(new(3))!, StreamState.Ended);
        book.Close(book.Find(new(1))!, StreamState.ResetByPeer);
        Assert.Equal((1, 1, 0), (book.LiveCount, book.Set.Count, book.RecordCount));
        Assert.Equal(StreamState.Ended, book.StateOf(new(3), out _));
        Assert.Null(book.Find(new(1)));
    }

    [Fact]
    public void More_requests_than_the_window_holds_get_records()
    {
        var book = StreamBook.Empty(Role.Client);
        for (var id = 1u; id <= 2001; id += 2)
        {
            book.OpenOwn(new(id));
            book.PutAwaited(new(id));
        }
        Assert.Equal((1001, 1001), (book.LiveCount, book.Set.Count));
        Assert.All(book.Set, stream => Assert.Equal(StreamState.HalfClosedLocal, stream.State));
        for (var id = 1u; id <= 2001; id += 2)
            book.Close(book.Find(new(id))!, StreamState.Ended);
        Assert.Equal((0, 0, 0), (book.LiveCount, book.Set.Count, book.RecordCount));
    }
}
