using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A socket on no loop: the test is the one that reports, so it is seen what each report leads to.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopTransportReportTests : IDisposable
{
    private readonly EventLoops _loops = new(1);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LoopTransport _transport;

    public LoopTransportReportTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client.Connect(listener.LocalEndPoint!);
        Assert.Equal(
            AcceptOutcome.Accepted,
            NativeSocket.Accept(listener.SafeHandle, new SocketAddress(AddressFamily.InterNetwork), out var socket));
        _transport = new LoopTransport(socket!, _loops);
    }

    public void Dispose()
    {
        _transport.Close();
        _client.Dispose();
        _loops.Dispose();
    }

    [Fact]
    public async Task Of_one_report_all_octets_can_be_read_in_pieces()
    {
        _client.Send(new byte[10_000]);
        await ThereAsync(10_000);
        var receiving = _transport.ReceiveAsync(new byte[1000]).AsTask();
        Assert.False(receiving.IsCompleted);
        _transport.OnReady(Epoll.In);
        for (var got = await receiving.Soon(); got < 10_000;)
        {
            var next = _transport.ReceiveAsync(new byte[1000]);
            Assert.True(next.IsCompleted, $"{got} octets were read, and more is there");
            got += await next;
        }
        Assert.False(_transport.ReceiveAsync(new byte[1000]).IsCompleted);
    }

    [Fact]
    public async Task A_report_that_comes_before_anybody_waits_is_kept()
    {
        _client.Send([1, 2, 3]);
        await ThereAsync(3);
        _transport.OnReady(Epoll.In);
        Assert.Equal(3, await _transport.ReceiveAsync(new byte[10]).AsTask().Soon());
    }

    [Fact]
    public async Task When_both_directions_go_on_their_owner_hears_of_both_at_once()
    {
        var told = new List<Signals>();
        var owner = new ConnectionOwner(new Told(told));
        // The kernel takes so much until a write has to wait with its last octets.
        Task sending;
        do
            sending = _transport.SendAsync(new byte[1000]).AsTask();
        while (sending.IsCompleted);
        var receiving = _transport.ReceiveAsync(new byte[10]).AsTask();
        for (var left = _transport.Taken; left > 0;)
            left -= _client.Receive(new byte[Math.Min(left, 1 << 20)]);
        _client.Send([1, 2, 3]);
        await ThereAsync(3);
        var sent = sending.ContinueWith(_ => owner.Wake(Signals.Sent, inline: true), TaskContinuationOptions.ExecuteSynchronously);
        var received = receiving.ContinueWith(_ => owner.Wake(Signals.Received, inline: true), TaskContinuationOptions.ExecuteSynchronously);
        _transport.OnReady(Epoll.In | Epoll.Out);
        await Task.WhenAll(sent, received).Soon();
        // A handler that blocks in the first round would otherwise wait for what the second brings.
        Assert.Equal([Signals.Sent | Signals.Received], told);
    }

    [Fact]
    public void Whoever_asked_is_told_that_the_peer_is_lost_once()
    {
        var lost = 0;
        _transport.WhenLost(() => lost++);
        _transport.OnReady(Epoll.In);
        Assert.Equal(0, lost);
        _transport.OnReady(Epoll.Error | Epoll.HangUp);
        _transport.OnReady(Epoll.HangUp);
        Assert.Equal(1, lost);
    }

    [Fact]
    public void Who_asks_behind_the_loss_is_told_at_once()
    {
        var lost = 0;
        _transport.OnReady(Epoll.HangUp);
        _transport.WhenLost(() => lost++);
        Assert.Equal(1, lost);
    }

    [Fact]
    public async Task The_end_of_the_input_is_read_again_and_again()
    {
        _client.Shutdown(SocketShutdown.Send);
        _transport.OnReady(Epoll.In | Epoll.ReadHangUp);
        for (var i = 0; i < 3; i++)
            Assert.Equal(0, await _transport.ReceiveAsync(new byte[10]).AsTask().Soon());
    }

    private async Task ThereAsync(int octets)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); _transport.Report().Readable < octets; await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time);
    }

    private sealed class Told(List<Signals> told) : IOwned
    {
        public ConnectionScheduler Scheduler => ConnectionScheduler.ThreadPool;

        public long ClockNow => 0;

        public bool IsBrief => false;

        public ExecutionContext? EnterContext() => null;

        public long Resume() => 0;

        public bool Run(Signals signals)
        {
            lock (told)
                told.Add(signals & ~Signals.Running);
            return true;
        }

        public void Suspend()
        {
        }

        public void LeaveBehind(object callee)
        {
        }

        public bool GiveUp() => false;
    }
}
