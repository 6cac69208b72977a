using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The rest of a body that nobody will read.</summary>
public sealed class UnreadBodiesTests
{
    private readonly Rooms _rooms = new();
    private readonly UnreadBodies _unread;
    private readonly PlainStream _stream = new() { ExpectsBody = true, HasAnswered = true };

    public UnreadBodiesTests()
    {
        _unread = new UnreadBodies(_rooms.Core, _rooms.Limits);
        var id = _rooms.OpenWithUpload();
        _rooms.Core.SubmitResponse(id, new OutboundHead(200, []), default, endStream: true);
        _rooms.Core.SetTime(100);
    }

    [Fact]
    public void It_has_a_second_when_the_answer_is_out_and_nobody_reads()
    {
        _stream.Abandon();
        _unread.Look(_stream);
        Assert.True(_stream.IsUnread);
        Assert.Equal(1_100, _unread.Due);
        _rooms.Core.SetTime(1_099);
        _unread.ResetLate();
        Assert.False(IsReset());
        _rooms.Core.SetTime(1_100);
        _unread.ResetLate();
        Assert.True(IsReset());
        Assert.Equal(Http2CloseCause.RequestUnread, _stream.ResetReason!.Cause);
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    [Fact]
    public void One_that_may_still_be_read_has_all_the_time()
    {
        _unread.Look(_stream);
        Assert.True(_stream.IsSent);
        Assert.False(_stream.IsUnread);
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    [Fact]
    public void One_whose_answer_was_not_given_is_not_unread()
    {
        _stream.HasAnswered = false;
        _stream.Abandon();
        _unread.Look(_stream);
        Assert.False(_stream.IsUnread);
    }

    [Fact]
    public void Too_much_of_it_ends_the_stream_before_its_time()
    {
        _stream.Abandon();
        _unread.Look(_stream);
        _unread.Count(_stream, _rooms.Limits.MaxUnreadBody);
        Assert.False(IsReset());
        _unread.Count(_stream, 1);
        Assert.True(IsReset());
    }

    [Fact]
    public void Several_end_in_the_order_in_which_they_were_left()
    {
        _stream.Abandon();
        _unread.Look(_stream);
        _rooms.Core.SetTime(200);
        var later = new PlainStream(3) { ExpectsBody = true, HasAnswered = true };
        later.Abandon();
        _unread.Look(later);
        Assert.Equal(1_100, _unread.Due);
        _rooms.Core.SetTime(1_150);
        _unread.ResetLate();
        Assert.Equal(1_200, _unread.Due);
        Assert.True(_stream.Silenced);
        Assert.False(later.Silenced);
    }

    // RST_STREAM with NO_ERROR ends the output.
    private bool IsReset() => _rooms.Core.Output.WrittenMemory.Span.EndsWith((ReadOnlySpan<byte>)[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
}
