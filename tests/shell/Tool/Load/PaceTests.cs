using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>When a client of a load sends its requests.</summary>
public sealed class PaceTests
{
    [Fact]
    public void A_closed_loop_has_so_many_requests_and_measures_each_from_when_it_is_sent()
    {
        var pace = new ClosedPace(2);
        Assert.True(pace.TryTake(10, out var first));
        Assert.True(pace.TryTake(20, out var second));
        Assert.False(pace.TryTake(30, out _));
        Assert.Equal((10, 20, 0), (first, second, pace.Left));
    }

    [Fact]
    public void A_request_that_was_not_processed_is_sent_again_and_measured_from_the_first_time()
    {
        var pace = new ClosedPace(1);
        pace.TryTake(10, out var first);
        pace.GiveBack(first);
        Assert.Equal(1, pace.Left);
        Assert.True(pace.TryTake(99, out var again));
        Assert.Equal(10, again);
    }

    [Fact]
    public void A_request_of_an_open_loop_that_has_to_wait_is_measured_from_when_it_was_due()
    {
        var pace = new OpenPace(number => 100 * number, 3);
        pace.Begin(0);
        Assert.True(pace.TryTake(0, out _));
        // The server is slow: what is due meanwhile waits for a stream.
        pace.Look(100);
        pace.Look(200);
        Assert.Equal(2, pace.Behind);
        Assert.True(pace.TryTake(900, out var second));
        Assert.True(pace.TryTake(950, out var third));
        Assert.Equal((100, 200, 0), (second, third, pace.Left));
    }

    [Fact]
    public void Nothing_is_due_before_its_time()
    {
        var pace = new OpenPace(number => 100 + number, 1);
        // No connection is there yet.
        pace.Look(5000);
        pace.Begin(6000);
        pace.Look(6099);
        Assert.False(pace.TryTake(6099, out _));
        Assert.Equal((1, 0), (pace.Left, pace.Behind));
        // Another connection changes nothing.
        pace.Begin(6099);
        pace.Look(6100);
        Assert.True(pace.TryTake(6100, out _));
    }

    [Fact]
    public void How_late_this_process_has_looked_is_no_latency_of_the_server()
    {
        var pace = new OpenPace(number => 100 * number, 5);
        pace.Begin(0);
        pace.Look(250);
        Assert.True(pace.TryTake(250, out _));
        Assert.True(pace.TryTake(250, out var second));
        Assert.Equal((250, 150), (second, pace.Lateness));
    }
}
