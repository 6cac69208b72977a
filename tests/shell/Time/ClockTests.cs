using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The time that connections count in, and the date that responses carry.</summary>
public sealed class ClockTests
{
    [Fact]
    public void The_date_is_made_once_a_second_and_anew_with_the_next()
    {
        var time = new StatedTime { Milliseconds = 1_600 };
        var clock = new Clock(time);
        var first = clock.Date(0);
        Assert.Equal("Thu, 01 Jan 1970 00:00:01 GMT", $"{first.Value}");
        time.Milliseconds = 1_999;
        Assert.Same(first, clock.Date(399));
        time.Milliseconds = 2_000;
        var second = clock.Date(400);
        Assert.Equal("Thu, 01 Jan 1970 00:00:02 GMT", $"{second.Value}");
        time.Milliseconds = 2_999;
        Assert.Same(second, clock.Date(1_399));
        time.Milliseconds = 3_000;
        Assert.Equal("Thu, 01 Jan 1970 00:00:03 GMT", $"{clock.Date(1_400).Value}");
    }

    [Fact]
    public void Time_is_milliseconds_since_the_clock_was_made()
    {
        var time = new StatedTime { Milliseconds = 5_000 };
        var clock = new Clock(time);
        Assert.Equal(0, clock.At(clock.Timestamp));
        time.Milliseconds += 1_234;
        Assert.Equal(1_234, clock.At(clock.Timestamp));
    }
}
