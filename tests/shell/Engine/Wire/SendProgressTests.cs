using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Peers that take what is sent to them slowly, for a while not at all, or never. No transport and no clock but the numbers here.</summary>
public sealed class SendProgressTests
{
    private const int Second = 1_000;

    private readonly SendProgress _progress = new(new SendTimeouts(Send: 30 * Second, Unread: 8 * Second, Unreachable: 120 * Second));

    // What a kernel has taken and not been acknowledged.
    private const int OnTheirWay = 4_000_000;

    private long _acknowledged;
    private bool _isUnreachable;
    private long _now;

    private TransportReport Report => new(_acknowledged + OnTheirWay, OnTheirWay) { IsUnreachable = _isUnreachable };

    [Fact]
    public void Who_takes_nothing_is_given_up_after_30_seconds()
    {
        _acknowledged = 200_000;
        _progress.Begin(_now);
        Assert.InRange(GivenUpAfter(300), 30, 33);
    }

    [Fact]
    public void What_lies_in_the_kernel_of_a_peer_that_never_reads_earns_nothing()
    {
        _progress.Begin(_now);
        // it fills within the first moment
        _acknowledged = 900_000;
        Assert.InRange(GivenUpAfter(300), 30, 33);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2_000)]
    [InlineData(10_000)]
    public void A_slow_reader_is_never_given_up(int rate)
    {
        _progress.Begin(_now);
        Assert.Equal(-1, GivenUpAfter(3_600, second => _acknowledged = rate * second));
    }

    [Fact]
    public void A_reader_whose_kernel_tells_of_room_only_now_and_then_is_never_given_up()
    {
        _progress.Begin(_now);
        _acknowledged = 6_000_000;
        // 10,000 octets a second, in steps of a sixteenth of a buffer of 6 MiB
        Assert.Equal(-1, GivenUpAfter(3_600, second => _acknowledged = 6_000_000 + second / 39 * 390_000));
    }

    [Fact]
    public void Octets_that_trickle_earn_no_more_time_than_they_are_worth()
    {
        _progress.Begin(_now);
        Assert.InRange(GivenUpAfter(300, second => _acknowledged = second * 100), 30, 70);
    }

    /// <summary>curl --limit-rate reads megabytes at once, and then nothing until the average is right.</summary>
    [Fact]
    public void Who_took_megabytes_at_once_may_be_busy_with_them_as_long_as_a_slow_line_would_need()
    {
        _acknowledged = 8_000_000;
        _progress.Begin(_now);
        Assert.InRange(GivenUpAfter(3_600), 850, 900);
    }

    [Fact]
    public void That_time_has_an_end()
    {
        _acknowledged = 1_000_000_000;
        _progress.Begin(_now);
        Assert.InRange(GivenUpAfter(10_000), 20 * 60, 20 * 60 + 30);
    }

    [Fact]
    public void A_host_that_is_out_of_reach_for_a_minute_is_waited_for()
    {
        _progress.Begin(_now);
        Assert.Equal(-1, GivenUpAfter(
            1_000, second =>
            {
                _isUnreachable = second is > 20 and < 80;
                _acknowledged = second < 20 ? 1_000 * second : second < 82 ? 20_000 : 20_000 + 1_000 * (second - 82);
            }));
    }

    [Fact]
    public void A_host_that_stays_out_of_reach_is_given_up_after_two_minutes()
    {
        _progress.Begin(_now);
        _isUnreachable = true;
        Assert.InRange(GivenUpAfter(1_000), 120, 135);
    }

    [Fact]
    public void Who_makes_this_end_answer_and_reads_nothing_is_given_up_sooner()
    {
        _progress.Begin(_now);
        Assert.InRange(GivenUpAfter(300, isUnread: true), 8, 11);
    }

    [Fact]
    public void The_first_look_is_no_verdict_however_late_it_comes()
    {
        _progress.Begin(_now);
        Assert.True(_progress.IsAlive(500 * Second, Report, isUnread: false));
        Assert.False(_progress.IsAlive(503 * Second, Report, isUnread: false));
    }

    [Fact]
    public void A_connection_that_the_kernel_has_given_up_is_not_waited_for()
    {
        _progress.Begin(_now);
        Assert.False(_progress.IsAlive(_now, Report with { IsLost = true }, isUnread: false));
    }

    [Fact]
    public void A_transport_that_knows_of_no_acknowledgements_is_judged_by_what_it_takes()
    {
        _progress.Begin(_now);
        Assert.Equal(-1, GivenUpAfter(1_000, second => _acknowledged = second / 20 * 8_192, knowsAcknowledged: false));
        var stopped = _now;
        Assert.InRange(GivenUpAfter(300, knowsAcknowledged: false), 1, 61);
        Assert.True(_now > stopped);
    }

    [Fact]
    public void Nothing_is_looked_at_while_nothing_waits()
    {
        Assert.Equal(long.MaxValue, _progress.Due(isUnread: false));
        _progress.Begin(_now);
        Assert.InRange(_progress.Due(isUnread: false), 2_500, 15_000);
        _progress.End();
        Assert.Equal(long.MaxValue, _progress.Due(isUnread: false));
    }

    /// <summary>Second for second, with a look whenever one is due; answers after how many the peer was given up, or -1.</summary>
    private int GivenUpAfter(int seconds, Action<int>? pass = null, bool isUnread = false, bool knowsAcknowledged = true)
    {
        var begun = _now;
        for (var second = 1; second <= seconds; second++)
        {
            _now = begun + second * Second;
            pass?.Invoke(second);
            var report = knowsAcknowledged ? Report : new TransportReport(_acknowledged);
            if (_now >= _progress.Due(isUnread) && !_progress.IsAlive(_now, report, isUnread))
                return second;
        }
        return -1;
    }
}
