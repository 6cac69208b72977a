using System.Collections.Concurrent;
using System.Text.Json;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary><c>http2 load</c> as a process, with a server of ours.</summary>
public sealed class LoadCommandTests
{
    [Fact]
    public async Task All_requests_are_sent_and_counted()
    {
        var asked = 0;
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            Interlocked.Increment(ref asked);
            return new(new Http2Response(request.Path == "/missing" ? 404 : 200, [], "13 octets long"));
        });
        var run = await RunAsync("-n", "50", "-c", "3", "-m", "4", $"{serving.Uri}hello", "/missing");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(50, asked);
        Assert.Matches(@"(?m)^finished in \S+ \S+, \d+\.\d\d req/s, \S+ \S+/s$", run.Text);
        Assert.Contains("requests: 50 total, 50 started, 50 done, 26 succeeded, 24 failed, 0 errored, 0 timeout", run.Text, StringComparison.Ordinal);
        Assert.Contains("status codes: 26 2xx, 0 3xx, 24 4xx, 0 5xx", run.Text, StringComparison.Ordinal);
        Assert.Contains("(700) data", run.Text, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^p50 \S+ \S+  p75 .*  p99\.99 \S+ [mun]?s$", run.Text);
        Assert.Contains('█', run.Text);
        Assert.DoesNotContain("\e", run.Text + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_as_JSON_has_the_same_figures_and_can_be_compared_with()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "hello")));
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "base.json");
        var run = await RunAsync("-n", "20", "--json", serving.Uri.ToString());
        Assert.Equal(0, run.ExitCode);
        using (var json = JsonDocument.Parse(run.Output))
        {
            var root = json.RootElement;
            Assert.Equal(20, root.GetProperty("requests").GetProperty("succeeded").GetInt32());
            Assert.Equal(20, root.GetProperty("statusCodes").GetProperty("200").GetInt32());
            Assert.Equal(100, root.GetProperty("traffic").GetProperty("data").GetInt32());
            Assert.Equal(20, root.GetProperty("latency").GetProperty("histogram").EnumerateArray().Sum(row => row.GetProperty("count").GetInt32()));
            Assert.True(root.GetProperty("latency").GetProperty("p99.99").GetDouble() > 0);
        }
        await File.WriteAllTextAsync(path, System.Text.RegularExpressions.Regex.Replace(run.Text, "\"requestsPerSecond\": [0-9.]+", "\"requestsPerSecond\": 1e9"));
        var worse = await RunAsync("-n", "20", "--compare", path, serving.Uri.ToString());
        Assert.Equal(3, worse.ExitCode);
        Assert.Matches(@"(?m)^req/s +1000000000\.00 .*  worse$", worse.Text);
        var same = await RunAsync("-n", "20", "--compare", path, "--tolerance", "1000000", serving.Uri.ToString());
        Assert.Equal(0, same.ExitCode);
    }

    [Fact]
    public async Task A_duration_ends_the_run_and_a_warm_up_does_not_count()
    {
        var asked = 0;
        await using var serving = await Serving.StartAsync((_, _) =>
        {
            Interlocked.Increment(ref asked);
            return new(new Http2Response(200));
        });
        var run = await RunAsync("-D", "1", "--warm-up-time", "200ms", "-m", "5", "--json", serving.Uri.ToString());
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = JsonDocument.Parse(run.Output);
        Assert.InRange(json.RootElement.GetProperty("seconds").GetDouble(), 0.99, 10);
        Assert.InRange(json.RootElement.GetProperty("requests").GetProperty("done").GetInt32(), 1, asked - 1);
    }

    [Fact]
    public async Task An_open_loop_measures_a_slow_server_from_when_requests_were_due()
    {
        // One request at a time takes 50 ms, and one is due each 10 ms: the tenth waits 400 ms.
        await using var serving = await Serving.StartAsync(async (_, cancel) =>
        {
            await Task.Delay(50, cancel);
            return new Http2Response(200);
        });
        var run = await RunAsync("-n", "10", "--rps", "100", "--json", serving.Uri.ToString());
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.InRange(json.RootElement.GetProperty("latency").GetProperty("max").GetDouble(), 300_000, 10_000_000);
    }

    [Fact]
    public async Task A_timing_script_says_what_is_sent_when()
    {
        var paths = new ConcurrentQueue<string>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            paths.Enqueue(request.Path);
            return new(new Http2Response(200));
        });
        using var directory = new TemporaryDirectory();
        var (script, log) = (Path.Combine(directory.FullPath, "script"), Path.Combine(directory.FullPath, "log"));
        await File.WriteAllTextAsync(script, $"0\t{serving.Uri}first\n200.5\t{serving.Uri}second\n");
        var run = await RunAsync("--timing-script-file", script, "-m", "2", "--log-file", log);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["/first", "/second"], paths);
        var times = (await File.ReadAllLinesAsync(log)).Select(line => long.Parse(line.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(times[1] - times[0], 200_000, 10_000_000);
    }

    [Fact]
    public async Task Requests_that_are_cancelled_on_purpose_did_not_fail()
    {
        await using var serving = await Serving.StartAsync(async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Http2Response(200);
        });
        var run = await RunAsync("-n", "30", "-m", "30", "-T", "500ms", "--cancel", "100", "--json", serving.Uri.ToString());
        using var json = JsonDocument.Parse(run.Output);
        var requests = json.RootElement.GetProperty("requests");
        // A third of them, more or less, at once; the others wait for a response that does not come.
        Assert.InRange(requests.GetProperty("cancelled").GetInt32(), 3, 25);
        Assert.Equal(30, requests.GetProperty("cancelled").GetInt32() + requests.GetProperty("timedOut").GetInt32());
        Assert.Equal(requests.GetProperty("timedOut").GetInt32(), requests.GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task Streams_that_the_server_resets_are_counted_by_code_and_their_connections_recorded()
    {
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            if (request.Path == "/bad")
                request.Reset(ErrorCode.EnhanceYourCalm);
            return new(new Http2Response(200));
        });
        using var directory = new TemporaryDirectory();
        var run = await RunAsync("-n", "4", "--record-failures", directory.FullPath, $"{serving.Uri}good", "/bad");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("resets: 2 ENHANCE_YOUR_CALM", run.Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(directory.FullPath, "*.h2rec"));
        var good = await RunAsync("-n", "4", "--record-failures", directory.FullPath, $"{serving.Uri}good");
        Assert.Equal(0, good.ExitCode);
        Assert.Single(Directory.GetFiles(directory.FullPath, "*.h2rec"));
    }

    [Fact]
    public async Task A_slow_reader_takes_a_body_no_faster_than_it_was_told()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], new byte[200_000])));
        var run = await RunAsync("--slow-read", "400K", "--json", serving.Uri.ToString());
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        // What is beyond the first window of 64 KiB comes at 400 KiB a second.
        Assert.InRange(json.RootElement.GetProperty("seconds").GetDouble(), 0.2, 10);
        Assert.Equal(200_000, json.RootElement.GetProperty("traffic").GetProperty("data").GetInt32());
    }

    [Fact]
    public async Task A_call_of_gRPC_succeeds_when_its_status_is_0()
    {
        var calls = 0;
        await using var serving = await Serving.StartAsync(async (request, cancel) =>
        {
            using var body = new MemoryStream();
            await request.BodyStream.CopyToAsync(body, cancel);
            var isCall = request.Headers["content-type"] == "application/grpc" && request.Headers["te"] == "trailers"
                && body.ToArray() is [0, 0, 0, 0, 3, 7, 8, 9];
            return new Http2Response(200, [("content-type", "application/grpc")], new byte[5])
            {
                Trailers = [("grpc-status", isCall && Interlocked.Increment(ref calls) % 2 == 1 ? "0" : "14")],
            };
        });
        using var directory = new TemporaryDirectory();
        var message = Path.Combine(directory.FullPath, "message");
        await File.WriteAllBytesAsync(message, [7, 8, 9]);
        var run = await RunAsync("-n", "4", "--grpc", "-d", message, $"{serving.Uri}service/Method");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2 succeeded, 2 failed, 0 errored", run.Text, StringComparison.Ordinal);
        Assert.Contains("grpc-status: 2 0, 2 14", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_middle_loses_no_request()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(200)),
            Serving.Loopback with { Connection = ConnectionOptions.Default with { LastStreamBeforeShutdown = 21 } });
        var run = await RunAsync("-n", "100", "-m", "4", serving.Uri.ToString());
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("100 done, 100 succeeded, 0 failed", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_is_a_line_of_the_log()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(204)));
        using var directory = new TemporaryDirectory();
        var log = Path.Combine(directory.FullPath, "log");
        await RunAsync("-n", "5", "--log-file", log, serving.Uri.ToString());
        var lines = await File.ReadAllLinesAsync(log);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^1\d{15}\t204\t\d+$", line));
    }

    [Fact]
    public async Task Requests_over_TLS_and_a_Unix_domain_socket_name_the_host_of_the_URL()
    {
        var hosts = new ConcurrentDictionary<string, bool>();
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "s");
        await using var serving = await Serving.StartAsync(
            (request, _) =>
            {
                hosts[$"{request.Scheme} {request.Host} {request.Connection.ServerName}"] = true;
                return new(new Http2Response(200));
            },
            new()
            {
                Endpoints = [new() { Host = "127.0.0.1", Tls = TestCertificate.Server }, new() { UnixSocketPath = path }], TrustGateway = true,
            });
        var refused = await RunAsync("--connect-to", $"127.0.0.1:{serving.Server.Port}", "https://localhost/");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("the TLS handshake failed", refused.Error, StringComparison.Ordinal);
        var tls = await RunAsync(
            "-k", "--sni", "example.org", "--connect-to", $"127.0.0.1:{serving.Server.Port}", "--ciphers", "TLS_AES_128_GCM_SHA256", "-v",
            "https://localhost:7/");
        Assert.True(tls.ExitCode == 0, tls.ToString());
        Assert.Contains("TLS_AES_128_GCM_SHA256", tls.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("-B", $"unix:{path}", "http://example.net/")).ExitCode);
        Assert.Equal(["http example.net ", "https localhost:7 example.org"], hosts.Keys.Order());
    }

    [Theory]
    [InlineData("there is no URL")]
    [InlineData("'ftp://x' is not a URL", "ftp://x")]
    [InlineData("there is no option '--nonsense'", "--nonsense")]
    [InlineData("option --clients: '0' is not right; give a whole number from 1 to", "-c", "0", "http://x")]
    [InlineData("option --window-bits: '32' is not right", "-w", "32", "http://x")]
    [InlineData("option --duration: '5x' is not right; give a time", "-D", "5x", "http://x")]
    [InlineData("option --max-frame-size: '1K' is not right", "-f", "1K", "http://x")]
    [InlineData("option --ciphers: 'x' is not right", "--ciphers", "x", "http://x")]
    [InlineData("option --header: 'x' is not a field", "-H", "x", "http://x")]
    [InlineData("option --cancel: '101' is not right", "--cancel", "101", "http://x")]
    [InlineData("--rps and --timing-script-file contradict each other", "--rps", "1", "--timing-script-file", "x", "http://x")]
    [InlineData("--warm-up-time needs --duration", "--warm-up-time", "1", "http://x")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(string says, params string[] arguments) =>
        (await RunAsync(arguments)).AssertOneLine(2, says);

    [Theory]
    [InlineData("cannot connect to http://127.0.0.1:1: Connection refused", "http://127.0.0.1:1/")]
    [InlineData("cannot connect to http://nobody.invalid: ", "http://nobody.invalid/")]
    [InlineData("option --data: cannot read '/no/such'", "-d", "/no/such", "http://127.0.0.1:1/")]
    [InlineData("option --input-file: cannot read '/no/such'", "-i", "/no/such")]
    [InlineData("option --log-file: cannot write '/no/such/log'", "--log-file", "/no/such/log", "http://127.0.0.1:1/")]
    [InlineData("option --record-failures: cannot write into '/dev/null/x'", "--record-failures", "/dev/null/x", "http://127.0.0.1:1/")]
    [InlineData("option --compare: cannot read '/no/such.json'", "--compare", "/no/such.json", "http://127.0.0.1:1/")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1(string says, params string[] arguments) =>
        (await RunAsync(arguments)).AssertOneLine(1, says);

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(ServeProcess.Tool(["load", .. arguments]), seconds: 30);
}
