using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Http2.Shell.Tests;

[Collection(DemoServerCollection.Name)]
public sealed class CurlTests(DemoServer server)
{
    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hello_is_thirteen_octets_over_http2(bool tls)
    {
        var run = await CurlAsync(tls, "/hello", "-w", "|%{http_version}|%{response_code}|%{content_type}|%{size_download}");
        Assert.Equal("Hello, World!|2|200|text/plain|13", run.Text);
    }

    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Head_has_the_length_and_no_body(bool tls)
    {
        var run = await CurlAsync(tls, "/hello", "--head");
        Assert.StartsWith("HTTP/2 200", run.Text, StringComparison.Ordinal);
        Assert.Contains("content-length: 13\r\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("date: ", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_comes_back_from_echo(bool tls)
    {
        var body = Random.Shared.GetItems("0123456789abcdef"u8.ToArray(), 300_000);
        string[] options = ["-X", "POST", "--data-binary", "@-", "-H", "content-type: application/x-test", "-w", "|%{content_type}"];
        var run = await CurlAsync(options, tls, "/echo", body);
        Assert.Equal([.. body, .. "|application/x-test"u8], run.Output);
    }

    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_tells_length_and_hash(bool tls)
    {
        var body = RandomNumberGenerator.GetBytes(1_000_000);
        var run = await CurlAsync(["-T", "-"], tls, "/upload", body);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(body.Length, json.RootElement.GetProperty("length").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), json.RootElement.GetProperty("sha256").GetString());
    }

    [ClientFact("curl")]
    public async Task A_drained_body_leaves_its_length()
    {
        var run = await CurlAsync(["-T", "-"], false, "/drain", new byte[1_000_000]);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(1_000_000, json.RootElement.GetProperty("length").GetInt64());
    }

    [ClientFact("curl")]
    public async Task Headers_come_back_as_json()
    {
        var run = await CurlAsync(false, "/headers?a=b", "-H", "X-Test: one", "-X", "REPORT");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("REPORT", json.RootElement.GetProperty("method").GetString());
        Assert.Equal("/headers?a=b", json.RootElement.GetProperty("path").GetString());
        Assert.Equal("http", json.RootElement.GetProperty("scheme").GetString());
        Assert.Contains(
            json.RootElement.GetProperty("headers").EnumerateArray(),
            field => field.GetProperty("name").GetString() == "x-test" && field.GetProperty("value").GetString() == "one");
    }

    [ClientFact("curl")]
    public async Task Trailers_follow_the_body()
    {
        var run = await CurlAsync(false, "/trailers", "-D", "/dev/stderr");
        Assert.Contains($"\r\nx-length: {run.Output.Length}\r\n", run.Error, StringComparison.Ordinal);
        Assert.Contains($"\r\nx-sha256: {Convert.ToHexStringLower(SHA256.HashData(run.Output))}\r\n", run.Error, StringComparison.Ordinal);
    }

    [ClientFact("curl")]
    public async Task Early_hints_come_before_the_page()
    {
        var run = await CurlAsync(false, "/early-hints", "-D", "-");
        Assert.StartsWith("HTTP/2 103 \r\nlink: </style.css>; rel=preload; as=style\r\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("\r\nHTTP/2 200 \r\n", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("curl")]
    [InlineData("/bytes/0", 200)]
    [InlineData("/bytes/-1", 400)]
    [InlineData("/bytes/1099511627777", 400)]
    [InlineData("/bytes/ten", 400)]
    [InlineData("/bytes/", 404)]
    [InlineData("/slow/0", 200)]
    [InlineData("/slow/600001", 400)]
    [InlineData("/block/1", 200)]
    [InlineData("/block/x", 400)]
    [InlineData("/status/204", 204)]
    [InlineData("/status/304", 304)]
    [InlineData("/status/418", 418)]
    [InlineData("/status/599", 599)]
    [InlineData("/status/199", 400)]
    [InlineData("/status/600", 400)]
    [InlineData("/hello/more", 404)]
    [InlineData("/echo", 405)]
    [InlineData("/upload", 405)]
    [InlineData("/push/1", 200)]
    [InlineData("/push/4", 404)]
    [InlineData("/nothing", 404)]
    public async Task The_status_is_as_the_address_asks(string path, int status)
    {
        var run = await CurlAsync(false, path, "-o", "/dev/null", "-w", "%{response_code}");
        Assert.Equal($"{status}", run.Text);
    }

    [ClientFact("curl")]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        var run = await CurlAsync(false, "/hello", "-X", "DELETE", "-i");
        Assert.StartsWith("HTTP/2 405", run.Text, StringComparison.Ordinal);
        Assert.Contains("\r\nallow: GET, HEAD, OPTIONS\r\n", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("curl")]
    [InlineData("OPTIONS", "/hello", 204, "GET, HEAD, OPTIONS")]
    [InlineData("OPTIONS", "/", 204, "GET, HEAD, OPTIONS")]
    [InlineData("OPTIONS", "/upload", 204, "POST, PUT, OPTIONS")]
    [InlineData("OPTIONS", "*", 204, "GET, HEAD, POST, PUT, OPTIONS")]
    [InlineData("OPTIONS", "/nothing", 404, "")]
    [InlineData("TRACE", "/hello", 405, "GET, HEAD, OPTIONS")]
    [InlineData("PATCH", "/upload", 405, "POST, PUT, OPTIONS")]
    [InlineData("BREW", "/hello", 501, "")]
    [InlineData("get", "/hello", 501, "")]
    public async Task Methods_are_told_refused_or_not_known(string method, string target, int status, string allow)
    {
        var run = await CurlAsync(
            false, "/", "-X", method, "--request-target", target, "-o", "/dev/null", "-w", "%{response_code}|%header{allow}");
        Assert.Equal($"{status}|{allow}", run.Text);
    }

    [ClientFact("curl")]
    public async Task There_is_no_tunnel_through_the_server()
    {
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"), ["-sS", "--http2-prior-knowledge", "-X", "CONNECT", "--request-target", "127.0.0.1:9", "-i", server.Http]);
        Assert.DoesNotContain("HTTP/2 200", run.Text, StringComparison.Ordinal);
    }

    [ClientFact("curl")]
    public async Task What_the_client_sends_is_shown_escaped()
    {
        var run = await CurlAsync(false, "/<script>", "-H", "accept: text/html");
        Assert.Contains("&lt;script&gt;", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", run.Text, StringComparison.Ordinal);
        var page = await CurlAsync(false, "/?<i>", "-H", "x-test: <b>&\"", "-g");
        Assert.Contains("&lt;b&gt;&amp;&quot;", page.Text, StringComparison.Ordinal);
        Assert.Contains("/?&lt;i&gt;", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>&", page.Text, StringComparison.Ordinal);
    }

    [ClientFact("curl")]
    public async Task Http_1_on_the_cleartext_port_is_told_what_to_use()
    {
        var run = await ProcessRun.RunAsync(Client.Path("curl"), ["-sS", "--http1.1", "-i", server.Http + "/"]);
        Assert.StartsWith("HTTP/1.1 426 ", run.Text, StringComparison.Ordinal);
        Assert.Contains("--http2-prior-knowledge", run.Text, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [ClientFact("curl")]
    public async Task Many_transfers_share_one_connection()
    {
        var addresses = Enumerable.Repeat(server.Https + "/bytes/100000", 50);
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"),
            [
                "-sS", "-k", "--http2", "--parallel", "--parallel-max", "50", "--no-progress-meter",
                "-w", "%{stderr}%{response_code} %{size_download} %{http_version}\n", .. addresses,
            ]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(50, run.Error.Split('\n').Count(line => line.TrimStart('\r') == "200 100000 2"));
    }

    [ClientTheory("curl")]
    [InlineData("/upload", true)]
    [InlineData("/upload", false)]
    [InlineData("/echo", true)]
    public async Task A_body_above_max_body_is_answered_with_413(string path, bool declares)
    {
        await using var limited = await ServeProcess.StartAsync("--max-body", "1000");
        string[] upload = declares ? ["--data-binary", "@-"] : ["-T", "-"];
        foreach (var (size, status) in new[] { (1000, "200"), (5_000_000, "413") })
        {
            var run = await ProcessRun.RunAsync(
                Client.Path("curl"),
                ["-sS", "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code}", .. upload, limited.Http + path],
                input: new byte[size]);
            Assert.Equal((0, status), (run.ExitCode, run.Text));
        }
    }

    private Task<ProcessRun> CurlAsync(bool tls, string path, params string[] options) => CurlAsync(options, tls, path);

    private async Task<ProcessRun> CurlAsync(string[] options, bool tls, string path, byte[]? input = null)
    {
        string[] protocol = tls ? ["-k", "--http2"] : ["--http2-prior-knowledge"];
        var run = await ProcessRun.RunAsync(Client.Path("curl"), ["-sS", .. protocol, .. options, server.Base(tls) + path], input: input);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
