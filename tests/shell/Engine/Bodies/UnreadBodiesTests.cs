using System.Buffers.Binary;
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
        Leave(_stream);
        Assert.True(_stream.IsUnread);
        Assert.Equal(1_100, _unread.Due);
        _rooms.Core.SetTime(1_099);
        _unread.ResetLate();
        Assert.False(IsReset());
        _rooms.Core.SetTime(1_100);
        _unread.ResetLate();
        Assert.True(IsReset());
        Assert.Equal(Http2CloseCause.BodyUnread, _stream.ResetReason!.Cause);
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    [Fact]
    public void It_ends_as_soon_as_the_peer_has_read_the_answer()
    {
        Leave(_stream);
        Assert.Equal(1, Questions());
        Assert.False(IsReset());
        _unread.OnAcknowledged();
        Assert.True(IsReset());
        Assert.Equal(Http2CloseCause.BodyUnread, _stream.ResetReason!.Cause);
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    [Fact]
    public void One_that_was_left_behind_the_question_waits_for_the_next()
    {
        Leave(_stream);
        var later = Left(3);
        Assert.Equal(1, Questions());
        _unread.OnAcknowledged();
        Assert.True(_stream.Silenced);
        Assert.False(later.Silenced);
        _unread.BeforeWrite();
        Assert.Equal(2, Questions());
        _unread.OnAcknowledged();
        Assert.True(later.Silenced);
        _unread.BeforeWrite();
        Assert.Equal(2, Questions());
    }

    [Fact]
    public void A_body_that_is_whole_before_the_answer_is_sent_is_not_asked_about()
    {
        _stream.Abandon();
        _unread.Look(_stream);
        _stream.MarkClosed(null, aborted: false);
        _unread.BeforeWrite();
        Assert.Equal(0, Questions());
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    [Fact]
    public void Behind_success_it_goes_on_as_long_as_octets_come()
    {
        _stream.Succeeds = true;
        Leave(_stream);
        Assert.Equal(0, Questions());
        Assert.True(_unread.Count(_stream, 10 * _rooms.Limits.MaxUnreadBody));
        _rooms.Core.SetTime(1_100);
        _unread.ResetLate();
        Assert.False(IsReset());
        Assert.Equal(2_100, _unread.Due);
        _rooms.Core.SetTime(2_100);
        _unread.ResetLate();
        Assert.True(IsReset());
        Assert.Equal(long.MaxValue, _unread.Due);
    }

    /// <summary>Otherwise curl 7.88 never sees that the stream is complete.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Something_is_sent_behind_the_end_of_a_body_that_came_after_its_answer(bool isUnread, bool succeeds)
    {
        _stream.Succeeds = succeeds;
        if (isUnread)
            _stream.Abandon();
        _unread.Look(_stream);
        _unread.BeforeWrite();
        _rooms.Core.Output.Truncate(0);
        _unread.Ended(_stream);
        _unread.BeforeWrite();
        Assert.Equal(1, Questions());
        _unread.OnAcknowledged();
        _unread.Ended(_stream);
        _unread.BeforeWrite();
        Assert.Equal(1, Questions());
    }

    [Fact]
    public void One_that_may_still_be_read_has_all_the_time()
    {
        _unread.Look(_stream);
        _unread.BeforeWrite();
        Assert.True(_stream.IsSent);
        Assert.False(_stream.IsUnread);
        Assert.Equal(long.MaxValue, _unread.Due);
        Assert.Equal(0, Questions());
    }

    [Fact]
    public void One_whose_answer_was_not_given_is_not_unread()
    {
        _stream.HasAnswered = false;
        Leave(_stream);
        Assert.False(_stream.IsUnread);
    }

    /// <summary>To reset it at once might destroy the answer, which the client may not have read.</summary>
    [Fact]
    public void Too_much_of_it_gets_no_credit()
    {
        Leave(_stream);
        Assert.True(_unread.Count(_stream, _rooms.Limits.MaxUnreadBody));
        Assert.False(_unread.Count(_stream, 1));
        Assert.False(IsReset());
    }

    [Fact]
    public void Several_end_in_the_order_in_which_they_were_left()
    {
        Leave(_stream);
        _rooms.Core.SetTime(200);
        var later = Left(3);
        Assert.Equal(1_100, _unread.Due);
        _rooms.Core.SetTime(1_150);
        _unread.ResetLate();
        Assert.Equal(1_200, _unread.Due);
        Assert.True(_stream.Silenced);
        Assert.False(later.Silenced);
    }

    [Fact]
    public void A_request_that_nothing_handles_is_reset_too()
    {
        _unread.Leave(_stream.StreamId);
        _unread.BeforeWrite();
        Assert.Equal(1_100, _unread.Due);
        _unread.OnAcknowledged();
        Assert.True(IsReset());
    }

    private PlainStream Left(uint id)
    {
        var stream = new PlainStream(id) { ExpectsBody = true, HasAnswered = true };
        Leave(stream);
        return stream;
    }

    private void Leave(PlainStream stream)
    {
        stream.Abandon();
        _unread.Look(stream);
        _unread.BeforeWrite();
    }

    private int Questions()
    {
        Span<byte> question = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(question, UnreadBodies.Question);
        return _rooms.Core.Output.WrittenMemory.Span.Count(question);
    }

    // RST_STREAM with NO_ERROR ends the output.
    private bool IsReset() => _rooms.Core.Output.WrittenMemory.Span.EndsWith((ReadOnlySpan<byte>)[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
}
