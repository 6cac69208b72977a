using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>The windows of a connection by themselves.</summary>
public sealed class FlowTests
{
    private static readonly ConnectionOptions Options = new() { InitialConnectionWindow = 100_000 };

    [Fact]
    public void The_receive_window_is_never_below_65535_octets()
    {
        Assert.Equal((65535L, 65535L), Windows(Flow.Of(new() { InitialConnectionWindow = 10 })));
        Assert.Equal((65535L, 100_000L), Windows(Flow.Of(Options)));
    }

    [Fact]
    public void DATA_may_use_the_receive_window_up_and_no_more()
    {
        var flow = Flow.Of(Options);
        Assert.True(flow.TrySpendReceive(100_000));
        Assert.False(flow.TrySpendReceive(1));
    }

    [Fact]
    public void Credit_is_worth_a_frame_from_half_a_window_on()
    {
        var flow = Flow.Of(Options);
        flow.TrySpendReceive(49_999);
        Assert.Equal(0u, flow.Refill());
        flow.TrySpendReceive(1);
        Assert.Equal(50_000u, flow.Refill());
        Assert.Equal(100_000, flow.Receive.Octets);
        Assert.Equal(0u, flow.Refill());
    }

    [Fact]
    public void A_bound_holds_back_what_is_unread_beyond_it()
    {
        var flow = Flow.Of(Options);
        flow.BoundUnread(130_000);
        flow.TrySpendReceive(80_000);
        flow.Deliver(80_000);
        Assert.Equal(50_000, flow.HeldBack);
        Assert.Equal(30_000u, flow.Refill());
        flow.Consume(60_000);
        Assert.Equal((0L, 20_000L), (flow.HeldBack, flow.Unread));
        flow.BoundUnread(-1);
        Assert.Equal((0L, 0L), (flow.UnreadBound, flow.HeldBack));
        flow.Clear();
        Assert.Equal(0, flow.Unread);
    }

    [Fact]
    public void The_send_window_stays_within_its_bound()
    {
        var flow = Flow.Of(Options);
        flow.SpendSend(535);
        Assert.True(flow.TryGrowSend(WireConstants.MaxWindow - 65_000));
        Assert.Equal(WireConstants.MaxWindow, flow.Send.Octets);
        Assert.False(flow.TryGrowSend(1));
    }

    private static (long Send, long Receive) Windows(Flow flow) => (flow.Send.Octets, flow.Receive.Octets);
}
