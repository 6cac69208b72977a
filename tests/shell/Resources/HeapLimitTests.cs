using System.Net.Sockets;
using System.Runtime.InteropServices;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests.Resources;

/// <summary>The tool as a process whose heap is really limited, and crowds that hold all they can.</summary>
public sealed class HeapLimitTests
{
    private const long Mebi = 1024 * 1024;

    [Theory]
    [InlineData("0x4000000", "/bytes/100000000")]
    [InlineData("0x4000000", "/slow/60000")]
    [InlineData("0x8000000", "/bytes/100000000")]
    public async Task A_process_with_a_small_heap_outlives_a_crowd_that_holds_all_it_can(string limit, string path)
    {
        await using var server = await ServeProcess.StartAsync(start => start.Environment["DOTNET_GCHeapHardLimit"] = limit, "--no-tls");
        var crowd = await Crowd.GatherAsync(server.HttpPort, 300, path);
        using var client = new HttpClient { DefaultRequestVersion = new(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 20; i++)
            await Served(client, server);
        crowd.Dispose();
        await Served(client, server);
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
        Assert.DoesNotContain("OutOfMemory", server.Error, StringComparison.Ordinal);
        Assert.InRange(server.Error.Count(letter => letter == '\n'), 0, 10);
    }

    [Fact]
    public async Task Resident_memory_is_back_when_a_great_load_has_gone()
    {
        await using var server = await ServeProcess.StartAsync("--no-tls");
        using var client = new HttpClient { DefaultRequestVersion = new(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 200; i++)
            await client.GetStringAsync($"{server.Http}/hello");
        var before = server.ResidentMemory();
        var crowd = await Crowd.GatherAsync(server.HttpPort, 100, "/bytes/100000000");
        while (server.ResidentMemory() < before + 100 * Mebi)
            await Task.Delay(20);
        crowd.Dispose();
        var until = DateTime.UtcNow.AddSeconds(30);
        while (server.ResidentMemory() > before * 1.5 && DateTime.UtcNow < until)
            await Task.Delay(100);
        Assert.InRange(server.ResidentMemory(), 0, (long)(before * 1.5));
    }

    /// <summary>An answer, at once or when the crowd is in its bounds: a server that cannot serve now says so.</summary>
    private static async Task Served(HttpClient client, ServeProcess server)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            try
            {
                Assert.Equal("Hello, World!", (await client.GetStringAsync($"{server.Http}/hello", late.Token)).Trim());
                return;
            }
            catch (HttpRequestException) when (!late.IsCancellationRequested)
            {
                await Task.Delay(20, late.Token);
            }
        }
    }

    /// <summary>Connections with a hundred requests each, none of whose answers they take.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public static async Task<Crowd> GatherAsync(int port, int connections, string path)
        {
            var crowd = new Crowd();
            var opening = Opening(path);
            for (var i = 0; i < connections; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                crowd._sockets.Add(socket);
                try
                {
                    await socket.ConnectAsync("127.0.0.1", port).WaitAsync(Patience.Time);
                    await socket.SendAsync(opening).AsTask().WaitAsync(Patience.Time);
                }
                catch (SocketException)
                {
                    // Turned away: that is one way to live with a crowd.
                }
            }
            return crowd;
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private static ReadOnlyMemory<byte> Opening(string path)
        {
            var effects = new Effects();
            var options = ConnectionOptions.Default with { InitialStreamWindow = 0, MaxConcurrentStreams = 100 };
            var state = Connection.Open(Role.Client, options, 0, effects);
            HeaderField[] fields = [(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", path)];
            SettingsFrame.WriteAck(effects.Output);
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(Refusal.None, Connection.SubmitRequest(in state, fields, true, effects, out _, out var next));
                state = next;
            }
            return effects.Output.WrittenMemory.ToArray();
        }
    }
}
