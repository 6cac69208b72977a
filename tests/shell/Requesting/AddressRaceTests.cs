using System.Net;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Connecting to a host that has several addresses (RFC 8305), in time that the test moves.</summary>
public sealed class AddressRaceTests
{
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::1"), OtherV6 = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.1"), OtherV4 = IPAddress.Parse("192.0.2.2");

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly Dictionary<IPAddress, TaskCompletionSource<string>> _attempts = [];
    private readonly List<string> _discarded = [];
    private readonly List<IPAddress> _order = [];
    private bool _heedsTokens;

    [Fact]
    public void Families_take_turns_and_the_preferred_one_is_first() =>
        Assert.Equal([V6, V4, OtherV6, OtherV4], AddressRace<string>.InTurns([V6, OtherV6, V4, OtherV4]));

    [Fact]
    public async Task The_first_address_that_answers_in_time_is_the_only_one_that_is_tried()
    {
        var race = RaceAsync([V6, V4]);
        _attempts[V6].SetResult("v6");
        Assert.Equal("v6", await race.Soon());
        Assert.Equal([V6], _order);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_the_first_does_not_answer_for_a_while()
    {
        var race = RaceAsync([V6, V4]);
        _clock.Advance(AddressRace<string>.Delay);
        await TriedAsync(V4);
        _attempts[V4].SetResult("v4");
        Assert.Equal("v4", await race.Soon());
        // The first one comes too late.
        _attempts[V6].SetResult("v6");
        await Eventually(() => _discarded is ["v6"]);
    }

    [Fact]
    public async Task The_first_address_may_still_win_when_the_next_was_begun()
    {
        var race = RaceAsync([V6, V4]);
        _clock.Advance(AddressRace<string>.Delay);
        await TriedAsync(V4);
        _attempts[V6].SetResult("v6");
        Assert.Equal("v6", await race.Soon());
    }

    [Fact]
    public async Task The_next_address_does_not_wait_when_the_one_before_has_failed()
    {
        var race = RaceAsync([V6, V4, OtherV4]);
        _attempts[V6].SetException(new IOException("first"));
        await TriedAsync(V4);
        _attempts[V4].SetException(new IOException("second"));
        await TriedAsync(OtherV4);
        _attempts[OtherV4].SetResult("other");
        Assert.Equal("other", await race.Soon());
    }

    [Fact]
    public async Task When_all_have_failed_the_failure_of_the_first_is_told()
    {
        var race = RaceAsync([V6, V4]);
        _attempts[V6].SetException(new IOException("first"));
        await TriedAsync(V4);
        _attempts[V4].SetException(new IOException("second"));
        Assert.Equal("first", (await Assert.ThrowsAsync<IOException>(() => race.Soon())).Message);
    }

    [Fact]
    public async Task Cancelling_ends_all_attempts()
    {
        _heedsTokens = true;
        using var cancellation = new CancellationTokenSource();
        var race = RaceAsync([V6, V4], cancellation.Token);
        _clock.Advance(AddressRace<string>.Delay);
        await TriedAsync(V4);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race.Soon());
    }

    [Fact]
    public async Task A_name_with_an_address_where_nobody_listens_is_connected_to_at_the_other()
    {
        // localhost is ::1 and 127.0.0.1 where there is IPv6; the server listens at the second alone.
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "here")));
        await using var client = await Http2ClientConnection.ConnectAsync(
            new Uri("http://example.org"), new() { ConnectTo = new DnsEndPoint("localhost", serving.Server.Port) }).Soon();
        Assert.Equal(IPAddress.Loopback, Assert.IsType<IPEndPoint>(client.Info.RemoteAddress).Address);
    }

    private Task<string> RaceAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancellation = default) =>
        new AddressRace<string>(ConnectAsync, late => _discarded.Add(late), _clock).RunAsync(addresses, cancellation);

    private Task<string> ConnectAsync(IPAddress address, CancellationToken giveUp)
    {
        var attempt = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_heedsTokens)
            giveUp.Register(() => attempt.TrySetCanceled(giveUp));
        lock (_order)
        {
            _attempts[address] = attempt;
            _order.Add(address);
        }
        return attempt.Task;
    }

    private Task TriedAsync(IPAddress address) => Eventually(() =>
    {
        lock (_order)
            return _attempts.ContainsKey(address);
    });

    private static async Task Eventually(Func<bool> condition)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < Patience.Time);
            await Task.Yield();
        }
    }
}
