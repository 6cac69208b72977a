using System.Buffers.Binary;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How a connection ends towards its transport: it lingers so that its last octets arrive, not for ever, and gives everything back once.</summary>
public sealed class ConnectionEndTests
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    // A frame on stream 0 that belongs to a stream: a fault of the connection.
    private static readonly byte[] Wrong = Requests.Frame(0, 0, 0, [1]);

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly ScriptedTransport _transport = new();
    private readonly ServerHost _host;
    private readonly Task _served;

    public ConnectionEndTests()
    {
        var options = new Http2ServerOptions
        {
            TimeProvider = _clock, LingerTimeout = Linger, LoggerFactory = new TestLog(),
            Connection = new ConnectionOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), IdleTimeout = TimeSpan.FromHours(1) },
        };
        _host = new ServerHost(options, static () => new Http2Request()) { AbortedHandler = static (_, _) => new(new Http2Response(200, [], "hello")) };
        _served = new ConnectionStarter(_host).ServeAsync(_transport, null, null);
        _transport.Come([.. Rooms.Preface, .. Requests.Frame(4, 1, 0, [])]);
    }

    [Fact]
    public async Task After_its_last_octets_it_waits_for_the_peer_to_end()
    {
        _transport.Come(Wrong);
        await SeeAsync(() => _transport.HasFinishedSending);
        Assert.False(_transport.IsClosed);
        _transport.ComeToEnd();
        await _served.Soon();
        Assert.True(_transport.IsClosed);
        NothingIsHeld();
    }

    [Fact]
    public async Task It_waits_no_longer_than_the_option_says()
    {
        _transport.Come(Wrong);
        await SeeAsync(() => _transport.HasFinishedSending && _host.Connections.Open.First().Sends is not null);
        await AdvanceUntilAsync(() => _transport.IsClosed, Linger / 2, 4);
        await _served.Soon();
        NothingIsHeld();
    }

    [Fact]
    public async Task A_connection_that_is_cut_twice_ends_once()
    {
        await SeeAsync(() => _transport.Sent.Length > 0);
        var connection = _host.Connections.Open.First();
        connection.Stop.AtOnce();
        connection.Stop.AtOnce();
        await _served.Soon();
        connection.Stop.AtOnce();
        connection.Owner.Wake(Signals.Timer, inline: false);
        connection.Owner.Wake(Signals.Again, inline: false);
        await SeeAsync(() => connection.Owner.RunAsOwner(static () => true));
        NothingIsHeld();
    }

    [Fact]
    public async Task A_deadline_that_has_passed_is_followed_by_the_next()
    {
        await SeeAsync(() => _transport.Sent.Length > 0);
        for (var round = 1; round <= 3; round++)
        {
            await AdvanceUntilAsync(() => Pings() == round, TimeSpan.FromSeconds(5), 6);
            _transport.Come(Requests.Frame(6, 1, 0, AlivePing()));
        }
        _transport.ComeToEnd();
        await _served.Soon();
        NothingIsHeld();
    }

    private static byte[] AlivePing()
    {
        var opaque = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(opaque, 0x616c6976653f);
        return opaque;
    }

    private int Pings() => _transport.Sent.AsSpan().Count(AlivePing());

    // Time passes in steps, as it does: each step is seen by whoever waits for it before the next.
    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step, int most)
    {
        for (var i = 0; i < most && !condition(); i++)
        {
            await Task.Delay(20);
            _clock.Advance(step);
        }
        await SeeAsync(condition);
    }

    private static async Task SeeAsync(Func<bool> condition)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < Patience.Time, "what was waited for never came");
            await Task.Yield();
        }
    }

    private void NothingIsHeld()
    {
        var resources = _host.Engine.Resources;
        Assert.True(SpinWait.SpinUntil(() => resources.Buffers == 0, Patience.Time));
        Assert.Equal(
            (0, 0, 0, 0, 0L), (_host.Connections.Count, resources.Timers, resources.Buffers, resources.UserWork, _host.Engine.Memory.Held));
    }
}
