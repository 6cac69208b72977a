using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What the bodies of one connection hold, and what they do without.</summary>
public sealed class MemoryShareTests
{
    private readonly Rooms _rooms = new();
    private readonly EngineHost _host = Rooms.Host(Rooms.Default with { MaxUnsentPerStream = 64 * 1024, MaxBodyBuffersPerConnection = 200 * 1024 });

    [Fact]
    public void Buffers_are_as_large_as_the_stream_may_hold_until_the_connection_holds_much()
    {
        var share = Share();
        Assert.Equal([32 * 1024, 32 * 1024, 32 * 1024], Enumerable.Range(0, 3).Select(_ => share.ReserveBuffers(-1)));
        Assert.Equal(4 * 1024, share.ReserveBuffers(-1));
        Assert.True(share.HasBuffers);
        for (var i = 0; i < 3; i++)
            share.ReleaseBuffers(32 * 1024);
        share.ReleaseBuffers(4 * 1024);
        Assert.False(share.HasBuffers);
    }

    [Fact]
    public void A_short_body_gets_buffers_of_its_length()
    {
        Assert.Equal(10_000, Share().ReserveBuffers(10_000));
        Assert.Equal(4 * 1024, Share().ReserveBuffers(10));
    }

    [Fact]
    public void While_memory_is_nearly_spent_buffers_are_small()
    {
        _host.Memory.Add(_host.Memory.Limit / 2);
        Assert.Equal(4 * 1024, Share().ReserveBuffers(-1));
    }

    [Fact]
    public void Unread_octets_hold_the_window_back_while_memory_is_nearly_spent()
    {
        _rooms.Open();
        var share = Share();
        share.BoundUnread(expectsBodies: true);
        Assert.Equal(long.MaxValue, share.Due);
        _host.Memory.Add(_host.Memory.Limit / 2);
        share.BoundUnread(expectsBodies: false);
        Assert.Equal(long.MaxValue, share.Due);
        share.BoundUnread(expectsBodies: true);
        Assert.Equal(500, share.Due);
        _host.Memory.Remove(_host.Memory.Limit / 2);
        share.BoundUnread(expectsBodies: false);
        Assert.Equal(long.MaxValue, share.Due);
    }

    [Fact]
    public void What_nobody_has_read_is_counted_at_the_end_of_a_run()
    {
        _rooms.OpenWithUpload();
        _rooms.Core.Receive(Requests.Data(1, 1_000));
        var share = Share();
        share.Settle(isClosed: false);
        Assert.Equal((1_000, 1_000), (share.Unread, _rooms.Memory.Held));
        share.LookAhead.Move(0, 10);
        share.Settle(isClosed: false);
        Assert.Equal((1_010, 1_010), (share.Unread, _rooms.Memory.Held));
        share.Settle(isClosed: true);
        Assert.Equal(0, _rooms.Memory.Held);
    }

    private MemoryShare Share() => new(_rooms.Core, _rooms.Memory, _host, isTls: false);
}
