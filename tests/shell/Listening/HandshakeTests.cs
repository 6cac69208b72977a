using System.Net.Security;
using System.Net.Sockets;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How long a client may take before HTTP/2 is spoken.</summary>
public sealed class HandshakeTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private Http2ServerOptions Options => new() { TimeProvider = _clock };

    [Fact]
    public void A_client_that_says_nothing_is_closed_after_ten_seconds()
    {
        var transport = new Idle();
        using var deadline = new HandshakeDeadline(transport, Options);
        Pass(9_750);
        Assert.False(transport.IsClosed);
        Pass(250);
        Assert.True(transport.IsClosed);
    }

    /// <summary>What came in the meantime lies in the kernel, or was read and not worked on: of neither the transport can tell.</summary>
    [Fact]
    public void Time_in_which_the_server_itself_is_stopped_does_not_count()
    {
        var transport = new Idle();
        using var deadline = new HandshakeDeadline(transport, Options);
        Pass(1_000);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Pass(7_250);
        Assert.False(transport.IsClosed);
        Pass(250);
        Assert.True(transport.IsClosed);
    }

    [Fact]
    public void A_client_that_was_answered_has_twice_as_long_for_the_rest()
    {
        var transport = new Idle { Taken = 1 };
        using var deadline = new HandshakeDeadline(transport, Options);
        Pass(29_750);
        Assert.False(transport.IsClosed);
        Pass(250);
        Assert.True(transport.IsClosed);
    }

    [Fact]
    public void Octets_that_have_come_are_read_first_and_a_trickle_of_them_buys_no_more_time()
    {
        var transport = new Idle { Readable = 1, IsRead = true };
        using var deadline = new HandshakeDeadline(transport, Options);
        Pass(10_000);
        Assert.False(transport.IsClosed);
        Pass(250);
        Assert.True(transport.IsClosed);
    }

    /// <summary>As when all threads are held by handlers, and the system gives no more.</summary>
    [Fact]
    public void However_late_the_server_comes_to_read_what_has_come_the_client_is_not_closed_and_has_its_time_then()
    {
        var transport = new Idle { Readable = 517 };
        using var deadline = new HandshakeDeadline(transport, Options);
        Pass(60_000);
        Assert.False(transport.IsClosed);
        transport.IsRead = true;
        transport.Readable = 0;
        Pass(2_500);
        Assert.False(transport.IsClosed);
        Pass(250);
        Assert.True(transport.IsClosed);
    }

    /// <summary>As when the client's process is stopped for a while between its part of the handshake and the rest.</summary>
    [Fact]
    public async Task A_TLS_client_that_stops_in_the_midst_of_the_handshake_goes_on()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "here")),
            Serving.Loopback with { TimeProvider = _clock, Tls = Http2Tls.From(TestCertificate.Server) });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        var stopped = new StoppedStream(new NetworkStream(socket));
        var secured = new SslStream(stopped, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        var shaking = secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        while (socket.Available == 0)
            await Task.Yield();
        // What the server has sent is here; by the time that it has served another client it has counted that too.
        await AnswerAsync(serving);
        Pass(25_000);
        stopped.GoOn();
        await shaking.Soon();
        await using var client = await RawClient.OverAsync(secured, authority: serving.Uri.Authority);
        var id = await client.RequestAsync("/");
        Assert.Equal("here", await client.Text(id));
    }

    private static async Task AnswerAsync(Serving serving)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        var secured = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2],
        }).Soon();
        await using var client = await RawClient.OverAsync(secured, authority: serving.Uri.Authority);
        Assert.Equal("here", await client.Text(await client.RequestAsync("/")));
    }

    // Quarter by quarter of a second, as time passes for a server that runs.
    private void Pass(int milliseconds)
    {
        for (; milliseconds > 0; milliseconds -= 250)
            _clock.Advance(TimeSpan.FromMilliseconds(250));
    }

    /// <summary>A stream whose reader is stopped until it goes on.</summary>
    private sealed class StoppedStream(Stream stream) : AsyncStream
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _goOn.Task;
            return await stream.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            stream.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing) => stream.Dispose();
    }

    /// <summary>A transport on which nothing happens but what a test says.</summary>
    private sealed class Idle : ITransport
    {
        private long _received;

        public long Taken { get; init; }

        public int Readable { get; set; }

        /// <summary>Whether what is readable was read at the next look, and more has come.</summary>
        public bool IsRead { get; set; }

        public bool IsClosed { get; private set; }

        public TransportReport Report()
        {
            var report = new TransportReport(Taken, Received: _received, Readable: Readable);
            if (IsRead)
                _received += Readable;
            return report;
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(new TaskCompletionSource<int>().Task);

        public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => default;

        public ValueTask FinishSendingAsync() => default;

        public void Close() => IsClosed = true;
    }
}
