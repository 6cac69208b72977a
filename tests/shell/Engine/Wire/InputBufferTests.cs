using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What was received and is not taken yet.</summary>
public sealed class InputBufferTests
{
    private readonly Rooms _rooms = new();

    private InputBuffer Input => _rooms.Input;

    [Fact]
    public void Octets_are_taken_from_the_front()
    {
        Assert.Equal([1, 2, 3], _rooms.Receive(1, 2, 3).ToArray());
        Input.Take(2);
        Assert.Equal([4, 5], _rooms.Receive(4, 5).ToArray());
        Assert.Equal([3, 4, 5], Input.Octets.ToArray());
        Assert.Equal(3, Input.Length);
    }

    [Fact]
    public void What_was_read_before_comes_first()
    {
        Input.Keep([7, 8]);
        _rooms.Receive(9);
        Assert.Equal([7, 8, 9], Input.Octets.ToArray());
    }

    [Fact]
    public void A_receive_that_waits_is_told_of()
    {
        Assert.False(Input.Receive(expectsMuch: false));
        Assert.True(Input.IsReceiving);
        Assert.False(Input.HasMore);
        _rooms.Transport.Come(1);
        Assert.True(SpinWait.SpinUntil(() => _rooms.Received == 1, Patience.Time));
        Assert.True(Input.HasMore);
        Assert.Equal([1], Input.CompleteReceive(isWanted: true).ToArray());
        Assert.False(Input.HasMore);
    }

    [Fact]
    public void No_octets_are_the_end()
    {
        _rooms.Transport.ComeToEnd();
        Input.Receive(expectsMuch: false);
        Assert.Empty(Input.CompleteReceive(isWanted: true).ToArray());
        Assert.True(Input.HasEnded);
    }

    [Fact]
    public void What_is_not_wanted_is_not_kept()
    {
        _rooms.Transport.Come(1, 2);
        Input.Receive(expectsMuch: false);
        Assert.Empty(Input.CompleteReceive(isWanted: false).ToArray());
        Assert.Equal(0, Input.Length);
    }

    [Fact]
    public void A_frame_that_is_not_whole_is_timed_from_when_its_first_octets_were_left()
    {
        _rooms.Receive(1, 2, 3);
        Input.EndTaking(isPartial: true, now: 10);
        Assert.Equal(10, Input.PartialSince);
        _rooms.Receive(4);
        Input.EndTaking(isPartial: true, now: 20);
        Assert.Equal(10, Input.PartialSince);
        // the frame was whole, and the next has begun
        Input.Take(3);
        Input.EndTaking(isPartial: true, now: 30);
        Assert.Equal(30, Input.PartialSince);
        Input.Take(1);
        Input.EndTaking(isPartial: false, now: 40);
        Assert.Equal(-1, Input.PartialSince);
    }

    [Fact]
    public void The_buffer_grows_with_what_comes_and_shrinks_when_it_is_quiet()
    {
        _rooms.Receive(new byte[100]);
        Assert.Equal(1024, _rooms.Memory.Held);
        Take();
        _rooms.Receive(new byte[600]);
        Take();
        _rooms.Receive(new byte[1]);
        Assert.Equal(64 * 1024, _rooms.Memory.Held);
        for (var quiet = 0; quiet < 5; quiet++)
        {
            Take();
            _rooms.Receive(new byte[1]);
        }
        Assert.Equal(1024, _rooms.Memory.Held);
    }

    [Fact]
    public void A_buffer_that_is_left_to_a_reader_is_not_written_again()
    {
        _rooms.Receive(1, 2, 3);
        Input.Take(1);
        var read = Input.Octets;
        Input.Detach();
        Assert.Equal([2, 3], Input.Octets.ToArray());
        Input.Clear();
        _rooms.Receive(9, 9, 9);
        Assert.Equal([2, 3], read.ToArray());
    }

    [Fact]
    public void A_buffer_that_the_transport_may_write_to_is_kept()
    {
        Input.Receive(expectsMuch: false);
        Input.Release();
        Assert.Equal(1024, _rooms.Memory.Held);
        _rooms.Transport.Come(1);
        Input.CompleteReceive(isWanted: false);
        Input.Release();
        Assert.Equal(0, _rooms.Memory.Held);
    }

    [Fact]
    public void A_quiet_connection_waits_without_a_buffer_where_the_transport_tells_of_octets()
    {
        _rooms.Transport.TellsReadiness = true;
        for (var message = 1; message < 10; message++)
        {
            Assert.False(Input.Receive(expectsMuch: false));
            Assert.Equal(0, _rooms.Memory.Held);
            _rooms.Transport.Come(1, 2, 3);
            Assert.True(SpinWait.SpinUntil(() => _rooms.Received == message, Patience.Time));
            Assert.Equal([1, 2, 3], Input.CompleteReceive(isWanted: true).ToArray());
            Assert.Equal(1024, _rooms.Memory.Held);
            Take();
        }
    }

    [Fact]
    public void The_end_is_seen_without_a_buffer_too()
    {
        _rooms.Transport.TellsReadiness = true;
        Input.Receive(expectsMuch: false);
        _rooms.Transport.ComeToEnd();
        Assert.True(SpinWait.SpinUntil(() => _rooms.Received == 1, Patience.Time));
        Input.CompleteReceive(isWanted: true);
        Assert.True(Input.HasEnded);
    }

    [Fact]
    public void Octets_that_were_told_of_and_are_not_there_are_waited_for()
    {
        _rooms.Transport.TellsReadiness = true;
        Input.Receive(expectsMuch: false);
        _rooms.Transport.Stir();
        Assert.True(SpinWait.SpinUntil(() => _rooms.Received == 1, Patience.Time));
        Assert.Empty(Input.CompleteReceive(isWanted: true).ToArray());
        Assert.True(Input.IsReceiving);
        Assert.False(Input.HasEnded);
        _rooms.Transport.Come(7);
        Assert.True(SpinWait.SpinUntil(() => _rooms.Received == 2, Patience.Time));
        Assert.Equal([7], Input.CompleteReceive(isWanted: true).ToArray());
    }

    [Fact]
    public void Bodies_that_come_and_frames_that_are_not_whole_keep_the_buffer()
    {
        _rooms.Transport.TellsReadiness = true;
        Input.Receive(expectsMuch: true);
        Assert.Equal(1024, _rooms.Memory.Held);
        _rooms.Transport.Come(1, 2);
        Input.CompleteReceive(isWanted: true);
        Input.Take(1);
        Input.EndTaking(isPartial: true, now: 0);
        Input.Receive(expectsMuch: false);
        Assert.Equal(1024, _rooms.Memory.Held);
        Assert.Equal([2], Input.Octets.ToArray());
    }

    private void Take()
    {
        Input.Take(Input.Length);
        Input.EndTaking(isPartial: false, now: 0);
    }
}
