using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Limits that are really set for a server's process.</summary>
[SupportedOSPlatform("linux")]
public sealed class ShortageProcessTests
{
    private const int MostProcesses = 6, MostFiles = 7;

    [Fact]
    public async Task When_descriptors_run_out_connections_are_refused_and_afterwards_all_is_as_before()
    {
        await using var server = await ServeProcess.StartAsync();
        // cold: what is used for the first time afterwards has to be there already
        var used = Directory.GetFiles($"/proc/{server.Id}/fd").Length;
        Limit(server, MostFiles, used + 20);
        var clients = new List<Socket>();
        for (var i = 0; i < 60; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(IPAddress.Loopback, server.HttpPort).Soon();
            clients.Add(client);
        }
        Assert.True(SpinWait.SpinUntil(() => server.Error.Contains("no descriptor is left", StringComparison.Ordinal), Patience.Time));
        // the runtime must have some for threads of its own, or it ends the process
        Assert.InRange(Directory.GetFiles($"/proc/{server.Id}/fd").Length, used, used + 20 - LastDescriptors.Kept);
        clients.ForEach(client => client.Dispose());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience.Time,
        };
        foreach (var path in new[] { "hello", "hop", "slow/1", "bytes/100000", "load" })
            Assert.True((await GetAsync(http, $"{server.Http}/{path}")).IsSuccessStatusCode, path);
        Assert.Single(server.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
    }

    /// <summary>The runtime starts a thread for the signal, which takes a descriptor.</summary>
    [Fact]
    public async Task A_signal_while_no_descriptor_is_left_drains_as_ever()
    {
        await using var server = await ServeProcess.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience.Time,
        };
        Assert.True((await http.GetAsync($"{server.Http}/hello")).IsSuccessStatusCode);
        var used = Directory.GetFiles($"/proc/{server.Id}/fd").Length;
        Limit(server, MostFiles, used + 10);
        var clients = new List<Socket>();
        for (var i = 0; i < 40; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(IPAddress.Loopback, server.HttpPort).Soon();
            clients.Add(client);
        }
        Assert.True(SpinWait.SpinUntil(() => server.Error.Contains("no descriptor is left", StringComparison.Ordinal), Patience.Time));
        var running = http.GetAsync($"{server.Http}/slow/1000");
        Assert.True((await http.GetAsync($"{server.Http}/hello")).IsSuccessStatusCode);
        server.Signal(PosixSignal.SIGTERM);
        Assert.True((await running).IsSuccessStatusCode);
        Assert.Equal(0, await server.ExitAsync());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task When_no_more_threads_can_be_had_handlers_that_block_delay_others_and_all_comes_back()
    {
        // only a user without privileges is bound by the number of processes
        if (Environment.IsPrivilegedProcess)
            return;
        await using var server = await ServeProcess.StartAsync();
        Limit(server, MostProcesses, 1);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience.Time,
        };
        foreach (var path in new[] { "block/50", "hop", "slow/1", "hello" })
            Assert.True((await http.GetAsync($"{server.Http}/{path}")).IsSuccessStatusCode, path);
    }

    /// <summary>The runtime itself needs some fifty before any of this code runs.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(90)]
    [InlineData(110)]
    public async Task With_fewer_descriptors_than_serving_needs_it_does_not_start_and_says_so_in_one_line(int descriptors)
    {
        var tool = ServeProcess.Tool("serve", "--port", "0", "--tls-port", "0");
        var run = await ProcessRun.RunAsync(
            "prlimit", [$"--nofile={descriptors}", "--", tool.FileName, .. tool.ArgumentList], seconds: 30);
        Assert.Equal(
            $"http2: cannot serve: the process may open {descriptors} descriptors and needs 128; raise RLIMIT_NOFILE (ulimit -n)\n", run.Error);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
    }

    [Fact]
    public async Task Verbose_says_the_limits_that_were_found_in_one_line()
    {
        await using var server = await ServeProcess.StartAsync("-v");
        await server.SeeAsync(string.Create(
            CultureInfo.InvariantCulture, $"limits: {Http2ProcessLimits.Current.Descriptors:N0} descriptors ("));
    }

    // The server closed the connections of before, or is about to: a client that is refused comes again.
    private static async Task<HttpResponseMessage> GetAsync(HttpClient http, string address)
    {
        for (var until = DateTime.UtcNow + Patience.Time; ;)
        {
            try
            {
                return await http.GetAsync(address);
            }
            catch (HttpRequestException) when (DateTime.UtcNow < until)
            {
            }
        }
    }

    private static void Limit(ServeProcess server, int resource, long limit) =>
        Assert.Equal(0, prlimit(server.Id, resource, [limit, limit], 0));

    [DllImport("libc")]
    private static extern int prlimit(int process, int resource, long[] softAndHard, nint before);
}
