using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary><c>http2 serve</c> when nobody reads what it says.</summary>
public sealed partial class BlockedOutputTests
{
    // The pipe takes 64 KiB; with every frame this says some megabytes.
    private const int Requests = 3000;

    [Fact]
    public async Task Output_that_nobody_reads_neither_stops_requests_nor_the_end()
    {
        await using var server = await Unread.StartAsync("-v", "-v");
        using var client = server.Client();
        for (var i = 0; i < Requests; i += 50)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("/hello")));
        server.Signal();
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task The_second_signal_ends_it_whatever_is_in_the_way()
    {
        await using var server = await Unread.StartAsync("-v", "-v");
        using var client = server.Client();
        for (var i = 0; i < Requests; i += 50)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("/hello")));
        var slow = client.GetStringAsync("/slow/600000");
        await client.GetStringAsync("/hello");
        server.Signal();
        // Draining: new connections are refused, the request in flight holds the end up.
        await server.UntilRefusedAsync();
        server.Signal();
        Assert.Equal(0, await server.ExitAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => slow);
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_end_it()
    {
        await using var server = await Unread.StartAsync("-v");
        server.StopReading();
        using var client = server.Client();
        for (var i = 0; i < 100; i++)
            Assert.Equal("Hello, World!", await client.GetStringAsync("/hello"));
        server.Signal();
        Assert.Equal(0, await server.ExitAsync());
    }

    /// <summary>A server whose first line is read, and nothing more.</summary>
    private sealed partial class Unread : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly int _port;

        private Unread(Process process, int port) => (_process, _port) = (process, port);

        public static async Task<Unread> StartAsync(params string[] arguments)
        {
            var process = Process.Start(ServeProcess.Tool(["serve", "--port", "0", "--no-tls", .. arguments]))!;
            var line = await process.StandardOutput.ReadLineAsync().Soon();
            return new Unread(process, int.Parse(Port().Match(line!).Value));
        }

        public HttpClient Client() => new()
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        public void Signal() => Assert.Equal(0, kill(_process.Id, 15));

        public void StopReading() => _process.StandardOutput.Dispose();

        public async Task UntilRefusedAsync()
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience.Time;)
            {
                try
                {
                    using var socket = new System.Net.Sockets.TcpClient();
                    await socket.ConnectAsync(IPAddress.Loopback, _port);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return;
                }
            }
            Assert.Fail("it listens still");
        }

        public async Task<int> ExitAsync()
        {
            await _process.WaitForExitAsync().Soon();
            return _process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        [GeneratedRegex(@"\d+$")]
        private static partial Regex Port();

        [DllImport("libc", SetLastError = true)]
        private static extern int kill(int process, int signal);
    }
}
