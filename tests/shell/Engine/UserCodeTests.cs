using Http2.Pure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Code of the user's that throws where the server calls it costs no connection anything, and is told once.</summary>
public sealed class UserCodeTests
{
    [Theory]
    [InlineData("Opened")]
    [InlineData("Received")]
    [InlineData("Sent")]
    [InlineData("TakesInputs")]
    [InlineData("Started")]
    [InlineData("Input")]
    [InlineData("Closed")]
    public async Task A_tap_that_throws_costs_the_connection_nothing_and_hears_its_end(string where)
    {
        var tap = new FailingTap(where);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")), Serving.Loopback with { FrameTap = tap });
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.ConnectAsync(serving);
            for (var requests = 0; requests < 3; requests++)
                Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        }
        while (serving.Server.Load != default)
            await Task.Yield();
        Assert.Equal(3, tap.Ended);
        Assert.Contains($"failed in {where}", Assert.Single(serving.Log.Errors));
    }

    [Fact]
    public async Task A_logger_that_throws_costs_the_connection_nothing()
    {
        using var logger = new FailingLogger();
        var server = new Http2Server(Serving.Loopback with { LoggerFactory = logger }, (request, _) => request.Path == "/bad"
            ? throw new InvalidTimeZoneException()
            : new(new Http2Response(200, [], "alive")));
        await server.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.OverAsync(await ConnectAsync(server));
            Assert.Equal(500, (await client.Response(await client.RequestAsync("/bad"))).Head.Status);
            await client.ResetAsync(await client.RequestAsync("/"), ErrorCode.Cancel);
            Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        }
        Assert.True(logger.Asked > 0);
        while (server.Load != default)
            await Task.Yield();
        await server.StopAsync().Soon();
    }

    [Theory]
    [InlineData("CreateTimer")]
    [InlineData("Change")]
    [InlineData("Dispose")]
    [InlineData("GetTimestamp")]
    [InlineData("GetUtcNow")]
    public async Task A_clock_that_throws_is_replaced_by_the_systems(string where)
    {
        var time = new FailingTime(where);
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200, [], "alive")), Serving.Loopback with { TimeProvider = time });
        time.Fails = true;
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.ConnectAsync(serving);
            Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
            await client.SettleAsync();
        }
        while (serving.Server.Load != default)
            await Task.Yield();
        // A clock may be asked for less than all it has.
        Assert.True(serving.Log.Errors.Count() == 1 || time.Failed == 0, string.Join('\n', serving.Log.Errors));
        await serving.Server.StopAsync().Soon();
    }

    [Fact]
    public async Task A_deadline_acts_although_the_clock_makes_no_timers()
    {
        var time = new FailingTime("CreateTimer") { Fails = true };
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response()),
            Serving.Loopback with { TimeProvider = time, HandshakeTimeout = TimeSpan.FromMilliseconds(50) });
        using var silent = await ConnectAsync(serving.Server);
        Assert.Equal(0, await silent.ReadAsync(new byte[10]).AsTask().Soon());
    }

    [Theory]
    [InlineData("/get", "GET")]
    [InlineData("/head", "HEAD")]
    [InlineData("/reset", "GET")]
    [InlineData("/refused", "GET")]
    public async Task A_body_whose_disposal_fails_is_logged_and_harms_nothing(string path, string method)
    {
        await using var serving = await Serving.StartAsync((request, _) => new(
            request.Path == "/" ? new Http2Response(200, [], "alive")
            : new Http2Response(request.Path == "/refused" ? 42 : 200, [], new UndisposableStream(endless: request.Path == "/reset"))));
        await using var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync(path, method);
        if (path != "/refused")
            await client.Response(id);
        if (path == "/reset")
            await client.ResetAsync(id, ErrorCode.Cancel);
        else
            await client.Closed(id);
        Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        while (!serving.Log.Errors.Any(line => line.Contains("cannot be disposed of")))
            await Task.Yield();
        Assert.Single(serving.Log.Errors, line => line.Contains("cannot be disposed of"));
        await client.DisposeAsync();
        while (serving.Server.Load != default)
            await Task.Yield();
    }

    [Fact]
    public async Task A_transport_whose_disposal_fails_is_let_go_of()
    {
        var handlers = new Handlers(() => new ScriptedHandler { Done_ = h => h.SendResponse(200, body: "alive") });
        await using var serving = await Serving.StartAsync(handlers.Make);
        var (ours, theirs) = PipeEnds.Create();
        var served = serving.Server.ServeAsync(new UndisposableTransport(theirs.AsStream()));
        var client = await RawClient.OverAsync(ours.AsStream());
        Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        await client.DisposeAsync();
        await served.Soon();
        await Assert.Single(handlers.Made).Closed.Soon();
        Assert.Equal(default, serving.Server.Load);
    }

    private static async Task<Stream> ConnectAsync(Http2Server server)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(server.Endpoints[0].Address).Soon();
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }

    private sealed class FailingTap(string where) : Http2FrameTap
    {
        private int _ended;

        public int Ended => Volatile.Read(ref _ended);

        public override bool TakesInputs
        {
            get
            {
                Fail("TakesInputs");
                return true;
            }
        }

        public override void Opened(Http2ConnectionInfo connection) => Fail("Opened");

        public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => Fail("Received");

        public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => Fail("Sent");

        public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now) => Fail("Started");

        public override void Input(Http2ConnectionInfo connection, Input input) => Fail("Input");

        public override void Closed(Http2ConnectionInfo connection)
        {
            Interlocked.Increment(ref _ended);
            Fail("Closed");
        }

        private void Fail(string here)
        {
            if (here == where)
                throw new InvalidTimeZoneException($"failed in {here}");
        }
    }

    private sealed class FailingLogger : ILoggerFactory, ILogger
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // It fails in the one place and in the other.
        public bool IsEnabled(LogLevel logLevel) => Interlocked.Increment(ref _asked) % 2 == 0 ? true : throw new InvalidTimeZoneException();

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidTimeZoneException();

        public void Dispose()
        {
        }
    }

    private sealed class FailingTime(string where) : TimeProvider
    {
        private int _failed;

        public bool Fails { get; set; }

        public int Failed => Volatile.Read(ref _failed);

        public override long GetTimestamp()
        {
            Fail("GetTimestamp");
            return base.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow()
        {
            Fail("GetUtcNow");
            return base.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fail("CreateTimer");
            return new FailingTimer(this, base.CreateTimer(callback, state, dueTime, period));
        }

        private void Fail(string here)
        {
            if (!Fails || here != where)
                return;
            Interlocked.Increment(ref _failed);
            throw new InvalidTimeZoneException($"failed in {here}");
        }

        private sealed class FailingTimer(FailingTime time, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Fail("Change");
                return timer.Change(dueTime, period);
            }

            public void Dispose()
            {
                timer.Dispose();
                time.Fail("Dispose");
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }

    private sealed class UndisposableStream(bool endless) : AsyncStream
    {
        private bool _isDisposed;

        public override bool CanWrite => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(endless ? buffer.Length : 0);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (!disposing || _isDisposed)
                return;
            _isDisposed = true;
            throw new InvalidTimeZoneException("cannot be disposed of");
        }
    }

    private sealed class UndisposableTransport(Stream inner) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
                return;
            inner.Dispose();
            throw new InvalidTimeZoneException("a transport that cannot be disposed of");
        }
    }
}
