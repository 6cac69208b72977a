using System.Diagnostics;
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
    private const int MostFiles = 7;

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

    [OwnUserFact]
    public async Task When_no_more_threads_can_be_had_handlers_that_block_delay_others_and_all_comes_back()
    {
        await using var server = await StartAsOwnUserAsync();
        await LimitThreadsAsync(server, 1);
        using var http = Client();
        foreach (var path in new[] { "block/50", "hop", "slow/1", "hello" })
            Assert.True((await http.GetAsync($"{server.Http}/{path}")).IsSuccessStatusCode, path);
    }

    /// <summary>
    /// The runtime makes a thread now and then, for a signal at least, and ends the process when it gets none: the places that come free must
    /// not be taken while handlers hold all threads and more are wanted. Others are told so meanwhile, at once, a first handshake included.
    /// </summary>
    [OwnUserFact]
    public async Task With_no_more_threads_than_are_in_use_and_all_of_them_blocked_the_process_lives_and_loses_nobody()
    {
        await using var server = await StartAsOwnUserAsync();
        using var http = Client();
        Assert.True((await http.GetAsync($"{server.Http}/hello")).IsSuccessStatusCode);
        await LimitThreadsAsync(server, ThreadsOf(server));
        // more than there are threads that serve and spare ones, on a connection each
        var blocked = Enumerable.Range(0, 12).Select(_ => BlockAsync($"{server.Http}/block/12000")).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(2));
        // until one of those that block has ended
        var honest = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => BlockAsync($"{server.Http}/hello")).Append(BlockAsync($"{server.Https}/hello")));
        Assert.All(await honest.WaitAsync(TimeSpan.FromSeconds(8)), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer));
        var answers = await Task.WhenAll(blocked);
        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer}"));
        Assert.Contains("handlers hold all threads", server.Error, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, await BlockAsync($"{server.Http}/hello"));
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
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

    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromMinutes(2),
    };

    // On a connection of its own.
    private static async Task<HttpStatusCode> BlockAsync(string address)
    {
        using var http = Client();
        using var answer = await http.GetAsync(address);
        return answer.StatusCode;
    }

    // Root is not bound by the number of processes, and other processes of a user count as well.
    private static Task<ServeProcess> StartAsOwnUserAsync()
    {
        string[] arguments = ["serve", "--port", "0", "--tls-port", "0"];
        var tool = ServeProcess.Tool(arguments);
        string[] command =
            [.. OwnUserFactAttribute.Prefix, tool.FileName, Path.Combine(OwnUserFactAttribute.ToolFolder, "http2.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in tool.Environment)
            start.Environment[name] = value;
        start.Environment["HOME"] = Path.GetTempPath();
        return ServeProcess.StartAsync(start, arguments);
    }

    private static async Task LimitThreadsAsync(ServeProcess server, int limit)
    {
        var set = string.Create(CultureInfo.InvariantCulture, $"--nproc={limit}:{limit}");
        string[] command = [.. OwnUserFactAttribute.Prefix, "prlimit", "--pid", server.Id.ToString(CultureInfo.InvariantCulture), set];
        var run = await ProcessRun.RunAsync(command[0], command[1..], seconds: 30);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    private static int ThreadsOf(ServeProcess server) => Directory.GetDirectories($"/proc/{server.Id}/task").Length;

    private static void Limit(ServeProcess server, int resource, long limit) =>
        Assert.Equal(0, prlimit(server.Id, resource, [limit, limit], 0));

    [DllImport("libc")]
    private static extern int prlimit(int process, int resource, long[] softAndHard, nint before);
}
