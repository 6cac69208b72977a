using Http2.Pure;
using Xunit;

namespace Http2.Properties.Streams;

/// <summary>The book of all streams by itself; that its counts agree with its streams after any exchange is a property of the connection.</summary>
public sealed class StreamBookTests
{
    [Fact]
    public void A_fresh_request_counts_and_gets_a_record_when_one_is_asked_for()
    {
        var book = Opened(1);
        Assert.Equal((1, 1, 0), (book.PeerCount, book.LiveCount, book.Set.Count));
        Assert.Equal(StreamState.HalfClosedRemote, book.StateOf(new(1), out var stream));
        Assert.Null(stream);
        Assert.Null(book.Find(new(1)));
        var record = book.RecordOf(new(1));
        Assert.Equal(new StreamRecord.Live(new(1), StreamState.HalfClosedRemote, RequestKind.Head) { OpenedAt = 7 }, record);
        Assert.Null(book.Fresh);
        Assert.Equal((1, 1, 1), (book.PeerCount, book.LiveCount, book.Set.Count));
    }

    [Fact]
    public void The_next_request_gives_the_fresh_one_its_record()
    {
        var book = Opened(1);
        book.OpenPeer(new(3), 8);
        book.AddFresh(new(new(3), RequestKind.Plain, 8));
        Assert.NotNull(book.Find(new(1)));
        Assert.True(book.IsFresh(new(3)));
        Assert.Equal(2, book.LiveCount);
    }

    [Fact]
    public void A_stream_of_the_peer_that_is_reset_lingers_until_it_is_retired()
    {
        var book = Opened(1);
        book.Close(book.RecordOf(new(1))!, StreamState.ResetByPeer);
        Assert.Equal((0, 0, 1), (book.PeerCount, book.LiveCount, book.LingeringCount));
        Assert.Equal(StreamState.ResetByPeer, book.StateOf(new(1), out _));
        Assert.True(book.Retire(new(1)));
        Assert.False(book.Retire(new(1)));
        Assert.Equal((0, 0), (book.LingeringCount, book.Set.Count));
    }

    [Fact]
    public void A_stream_of_this_end_never_lingers()
    {
        var book = StreamBook.Empty(Role.Client);
        book.OpenOwn(new(1));
        book.Put(null, new(new(1), StreamState.Open, RequestKind.Plain));
        Assert.Equal((1, 1), (book.OwnCount, book.LiveCount));
        book.Close(book.Find(new(1))!, StreamState.ResetByUs);
        Assert.Equal((0, 0, 0), (book.OwnCount, book.LingeringCount, book.Set.Count));
        Assert.Equal(StreamState.ResetByUs, book.StateOf(new(1), out _));
    }

    [Fact]
    public void Identifiers_above_the_highest_are_idle_and_those_that_were_passed_over_are_remembered()
    {
        var book = Opened(5);
        Assert.Equal(StreamState.Idle, book.StateOf(new(7), out _));
        Assert.Equal(StreamState.Idle, book.StateOf(new(2), out _));
        Assert.True(book.Closed.Skipped.Contains(new(1)));
        Assert.True(book.Closed.Skipped.Contains(new(3)));
        Assert.False(book.Closed.Skipped.Contains(new(5)));
    }

    [Fact]
    public void A_stream_that_waits_is_counted_until_it_has_sent_everything()
    {
        var book = Opened(1);
        var stream = book.RecordOf(new(1))!;
        var waiting = stream with { Outgoing = stream.Outgoing.Add("ab"u8.ToArray(), MessageEnd.WithoutTrailers) };
        book.Put(stream, waiting);
        Assert.Equal((1, 2L), (book.WaitingCount, waiting.Outgoing.Sendable(100)));
        var after = waiting with { Outgoing = waiting.Outgoing.Sent(2, OutboundQueue.Empty) with { End = null } };
        book.Put(waiting, after);
        Assert.Equal(0, book.WaitingCount);
        Assert.Equal(-2, after.Outgoing.Offset.Octets);
        book.Put(after, waiting);
        book.Close(waiting, StreamState.ResetByUs);
        Assert.Equal(0, book.WaitingCount);
    }

    [Fact]
    public void A_stream_that_was_refused_is_closed_without_a_record()
    {
        var book = StreamBook.Empty(Role.Server);
        book.OpenPeer(new(1), 0);
        book.OpenPeer(new(3), 0);
        book.CloseUnrecorded(new(1), byReset: true);
        book.CloseUnrecorded(new(3), byReset: false);
        Assert.Equal(0, book.PeerCount);
        Assert.Equal(StreamState.ResetByUs, book.StateOf(new(1), out _));
        Assert.Equal(StreamState.Ended, book.StateOf(new(3), out _));
    }

    private static StreamBook Opened(uint id)
    {
        var book = StreamBook.Empty(Role.Server);
        book.OpenPeer(new(id), 7);
        book.AddFresh(new(new(id), RequestKind.Head, 7));
        return book;
    }
}
