using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Responses whose body the caller writes where it goes.</summary>
public sealed class InPlaceTests
{
    private const int Most = 64 * 1024;

    [Theory]
    [InlineData(1, 16384, true)]
    [InlineData(16384, 16384, true)]
    [InlineData(16385, 16384, true)]
    [InlineData(65535, 16384, true)]
    [InlineData(50_000, 20_000, true)]
    [InlineData(40_000, 16384, false)]
    public void It_is_the_response_that_would_be_sent_at_once(int length, int frameSize, bool ended)
    {
        var (copied, inPlace) = (Asked(frameSize, ended), Asked(frameSize, ended));
        var body = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();
        var head = Rig.Head(200, length, ("x", "y"));
        Assert.Equal(Refusal.None, copied.Respond(1, head, body));
        Assert.Equal(Refusal.None, Connection.ReserveResponse(inPlace.State, new(1), head, length, inPlace.Effects, out var reserved));
        Fill(reserved.Body, body);
        inPlace.State = reserved.Next;
        Assert.Equal(copied.Effects.Output.WrittenMemory.ToArray(), inPlace.Effects.Output.WrittenMemory.ToArray());
        Assert.Equal(copied.Events(), inPlace.Events());
        Assert.Equal(copied.State, inPlace.State);
    }

    [Property]
    public void The_room_has_a_part_for_each_frame(ushort any, ushort more)
    {
        var (length, frameSize) = (Math.Max(any, (ushort)1), 16384 + more);
        var rig = Asked(frameSize, ended: true);
        Connection.ReserveResponse(rig.State, new(1), Rig.Head(200), length, rig.Effects, out var reserved);
        var room = reserved.Body;
        var parts = Enumerable.Range(0, room.Count).Select(part => room[part].Length).ToList();
        Assert.Equal(length, room.Length);
        Assert.Equal(length, parts.Sum());
        Assert.All(parts.SkipLast(1), part => Assert.Equal(frameSize, part));
        Assert.InRange(parts[^1], 1, frameSize);
    }

    [Fact]
    public void A_part_that_there_is_not_is_refused()
    {
        var rig = Asked(16384, ended: true);
        Connection.ReserveResponse(rig.State, new(1), Rig.Head(200), 20_000, rig.Effects, out var reserved);
        var room = reserved.Body;
        Assert.Equal(2, room.Count);
        Assert.Equal("part", Assert.Throws<ArgumentOutOfRangeException>(() => room[2]).ParamName);
        Assert.Equal("part", Assert.Throws<ArgumentOutOfRangeException>(() => room[-1]).ParamName);
    }

    [Fact]
    public void A_caller_that_cannot_fill_the_room_goes_on_as_if_nothing_had_been()
    {
        var (tried, untried) = (Asked(16384, ended: true), Asked(16384, ended: true));
        var (octets, events) = (tried.Effects.Output.Length, tried.Effects.Events.Count);
        Assert.Equal(
            Refusal.None, Connection.ReserveResponse(tried.State, new(1), Rig.Head(200, -1, ("x", "y")), 20_000, tried.Effects, out _));
        tried.Effects.Output.Truncate(octets);
        tried.Effects.Events.RemoveRange(events, tried.Effects.Events.Count - events);
        foreach (var rig in new[] { tried, untried })
        {
            Assert.Equal(Refusal.None, rig.Respond(1, Rig.Head(200, -1, ("x", "z")), [1, 2, 3]));
            rig.Get(3);
            Assert.Equal(Refusal.None, rig.Respond(3, Rig.Head(200, -1, ("x", "z")), [1, 2, 3]));
        }
        Assert.Equal(untried.Frames(), tried.Frames());
        Assert.Equal(untried.Events(), tried.Events());
        Assert.Equal(untried.State, tried.State);
    }

    [Fact]
    public void What_has_no_room_is_refused_and_changes_nothing()
    {
        var rig = Asked(16384, ended: true);
        var room = Connection.RoomAtOnce(rig.State, new(1));
        Assert.Equal(65535, room);
        foreach (var length in new[] { -1, 0, room + 1 })
            Assert.Equal(Refusal.InvalidArgument, Reserve(rig, length));
        Assert.Equal(Refusal.ContentLengthMismatch, Reserve(rig, 10, Rig.Head(200, 11)));
        Assert.Equal(Refusal.BodyNotAllowed, Reserve(rig, 10, Rig.Head(304)));
        Assert.Equal(Refusal.None, Reserve(rig, room));
        Assert.Equal(Refusal.StreamClosed, Reserve(rig, 1, id: 5));
    }

    [Theory]
    [InlineData(1_000_000, 1_000_000, Most)]
    [InlineData(100, 1_000_000, 100)]
    [InlineData(1_000_000, 0, 65535)]
    public void Both_windows_bound_what_goes_at_once(int streamWindow, int connectionCredit, int room)
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.InitialWindowSize, (uint)streamWindow);
        if (connectionCredit > 0)
            rig.Window(0, (uint)connectionCredit);
        rig.Get(1);
        Assert.Equal(room, Connection.RoomAtOnce(rig.State, new(1)));
    }

    [Fact]
    public void A_part_that_is_not_there_is_the_callers_mistake()
    {
        var rig = Asked(16384, ended: true);
        Connection.ReserveResponse(rig.State, new(1), Rig.Head(200), 10, rig.Effects, out var reserved);
        var room = reserved.Body;
        Assert.Throws<ArgumentOutOfRangeException>(() => room[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => room[-1]);
        Assert.Equal(0, default(ReservedBody).Count);
    }

    private static Refusal Reserve(Rig rig, int length, OutboundHead? head = null, uint id = 1)
    {
        var (before, octets) = (rig.State, rig.Effects.Output.Length);
        var refusal = Connection.ReserveResponse(before, new(id), head ?? Rig.Head(200), length, rig.Effects, out var reserved);
        if (refusal != Refusal.None)
        {
            Assert.Equal(before, reserved.Next);
            Assert.Equal(octets, rig.Effects.Output.Length);
            Assert.Equal(0, reserved.Body.Length);
        }
        rig.State = reserved.Next;
        return refusal;
    }

    private static Rig Asked(int frameSize, bool ended)
    {
        var rig = Rig.Server();
        rig.Setting(SettingId.MaxFrameSize, (uint)frameSize);
        if (ended)
            rig.Get(1);
        else
            rig.Post(1);
        rig.Forget();
        return rig;
    }

    private static void Fill(ReservedBody room, ReadOnlySpan<byte> body)
    {
        for (var part = 0; part < room.Count; part++)
        {
            body[..room[part].Length].CopyTo(room[part].Span);
            body = body[room[part].Length..];
        }
    }
}
