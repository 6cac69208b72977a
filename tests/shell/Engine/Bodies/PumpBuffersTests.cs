using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The two buffers of a body that is sent: what is read goes where nothing lies that is still to be sent.</summary>
public sealed class PumpBuffersTests
{
    private const int Size = 4096;
    private readonly Rooms _rooms = new();
    private readonly MemoryShare _share;
    private readonly List<(ReadOnlyMemory<byte> Octets, byte Value)> _queued = [];
    private PumpBuffers _buffers = new(Size);
    private byte _next;

    public PumpBuffersTests() => _share = new MemoryShare(_rooms.Core, _rooms.Memory, Rooms.Host(), isTls: false);

    [Fact]
    public void What_is_queued_stays_as_it_is_until_it_was_sent()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            if (random.Next(2) == 0 && _buffers.TryFindRoom(_share, _rooms.Memory, out var room))
                Fill(room[..random.Next(1, room.Length + 1)]);
            else
                SendSome(random);
            Assert.All(_queued, part => Assert.False(part.Octets.Span.ContainsAnyExcept(part.Value)));
        }
        Assert.True(_next > 100, "bodies went through");
    }

    [Fact]
    public void When_both_are_full_and_nothing_was_sent_there_is_no_room()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var room));
            Assert.Equal(Size, room.Length);
            Fill(room);
        }
        Assert.False(_buffers.TryFindRoom(_share, _rooms.Memory, out _));
        // the older of the two has gone out
        Send(Size);
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var free));
        Assert.Equal(Size, free.Length);
    }

    [Fact]
    public void One_that_is_being_filled_is_not_begun_anew_when_all_before_was_sent()
    {
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var room));
        Fill(room[..1000]);
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var rest));
        _buffers.Sent(1000, isFilling: true);
        rest.Span[..10].Fill(7);
        Assert.False(_buffers.TakeRead(10).Span.ContainsAnyExcept((byte)7));
    }

    [Fact]
    public void One_whose_octets_have_all_gone_is_filled_from_its_beginning()
    {
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var room));
        Fill(room[..3500]);
        Send(3500);
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var again));
        Assert.Equal(Size, again.Length);
    }

    [Fact]
    public void What_is_held_back_comes_before_what_is_read_next()
    {
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var room));
        room.Span[..5].Fill(1);
        _buffers.HoldBack(5);
        Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var behind));
        behind.Span[..2].Fill(2);
        Assert.Equal([1, 1, 1, 1, 1, 2, 2], _buffers.TakeRead(2).ToArray());
    }

    [Fact]
    public void Both_are_given_back()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.True(_buffers.TryFindRoom(_share, _rooms.Memory, out var room));
            Fill(room);
        }
        Assert.Equal(2 * Size, _rooms.Memory.Held);
        _buffers.Return(_rooms.Memory);
        Assert.Equal(0, _rooms.Memory.Held);
        _buffers.Return(_rooms.Memory);
        Assert.Equal(0, _rooms.Memory.Held);
    }

    private void Fill(Memory<byte> room)
    {
        room.Span.Fill(++_next);
        _queued.Add((_buffers.TakeRead(room.Length), _next));
    }

    private void SendSome(Random random)
    {
        var all = _queued.Sum(static part => part.Octets.Length);
        if (all > 0)
            Send(random.Next(3) == 0 ? all : random.Next(1, all + 1));
    }

    private void Send(int octets)
    {
        _buffers.Sent(octets, isFilling: false);
        while (octets > 0)
        {
            var (part, value) = _queued[0];
            var gone = Math.Min(octets, part.Length);
            octets -= gone;
            _queued.RemoveAt(0);
            if (gone < part.Length)
                _queued.Insert(0, (part[gone..], value));
        }
    }
}
