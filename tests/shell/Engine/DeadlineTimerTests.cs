using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The one timer of a connection.</summary>
public sealed class DeadlineTimerTests
{
    private readonly PlayedConnection _played = new();
    private DeadlineTimer _timer = new();

    private List<double> Waits => Assert.Single(_played.Time.Timers).Waits;

    [Fact]
    public void None_is_made_as_long_as_nothing_is_due()
    {
        _timer.Arm(long.MaxValue, _played.Connection);
        Assert.Empty(_played.Time.Timers);
        _timer.Stop(_played.Host);
        Assert.Equal(0, _played.Host.Resources.Timers);
    }

    [Fact]
    public void It_is_moved_to_what_is_due_earlier_and_left_alone_by_what_is_due_later()
    {
        _timer.Arm(1_000, _played.Connection);
        _timer.Arm(2_000, _played.Connection);
        _timer.Arm(1_000, _played.Connection);
        _timer.Arm(400, _played.Connection);
        Assert.Equal([1_000, 400], Waits);
        Assert.Equal(1, _played.Host.Resources.Timers);
    }

    [Fact]
    public void It_is_set_anew_once_it_has_gone_off()
    {
        _timer.Arm(1_000, _played.Connection);
        _timer.Fired();
        _timer.Arm(2_000, _played.Connection);
        Assert.Equal([1_000, 2_000], Waits);
    }

    [Fact]
    public void The_time_is_counted_from_now_and_not_from_when_the_run_began()
    {
        _played.Core.SetTime(0);
        _played.Time.Milliseconds = 700;
        _timer.Arm(1_000, _played.Connection);
        Assert.Equal([300], Waits);
    }

    [Fact]
    public void What_is_over_already_is_looked_at_at_once()
    {
        _played.Time.Milliseconds = 5_000;
        _timer.Arm(1_000, _played.Connection);
        Assert.Equal([0], Waits);
    }

    [Fact]
    public void One_that_is_not_needed_any_more_is_given_back()
    {
        _timer.Arm(1_000, _played.Connection);
        _timer.Stop(_played.Host);
        Assert.True(Assert.Single(_played.Time.Timers).IsDisposed);
        Assert.Equal(0, _played.Host.Resources.Timers);
    }
}
