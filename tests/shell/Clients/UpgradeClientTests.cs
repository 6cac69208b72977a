using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that begin with HTTP/1.1 and ask for HTTP/2 by Upgrade (RFC 7540 §3.2).</summary>
[Collection(DemoServerCollection.Name)]
public sealed class UpgradeClientTests(DemoServer server)
{
    [ClientFact("curl")]
    public async Task Curl_upgrades()
    {
        var run = await RunAsync("curl", "-sS", "--http2", "-i", server.Http + "/hello");
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("\nHTTP/2 200 ", run.Text, StringComparison.Ordinal);
        Assert.EndsWith("Hello, World!", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("curl")]
    [InlineData(65_535, 200)]
    [InlineData(65_536, 413)]
    public async Task Curl_upgrades_with_content_that_is_not_too_much(int length, int status)
    {
        var body = RandomNumberGenerator.GetBytes(length);
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"), ["-sS", "--http2", "--data-binary", "@-", "-w", "|%{response_code}", server.Http + "/upload"], input: body);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.EndsWith($"|{status}", run.Text, StringComparison.Ordinal);
        if (status == 200)
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(body)), run.Text, StringComparison.Ordinal);
    }

    [ClientFact("nghttp")]
    public async Task Nghttp_upgrades_and_goes_on_with_more_requests()
    {
        var run = await RunAsync("nghttp", "-u", "-nv", server.Http + "/", server.Http + "/hello");
        Assert.Contains("HTTP Upgrade success", run.Text, StringComparison.Ordinal);
        Assert.Matches(@"recv \(stream_id=1\) :status: 200", run.Text);
        Assert.True(Regex.Count(run.Text, @"recv \(stream_id=\d+\) :status: 200") >= 2, run.Text);
        Assert.DoesNotContain("INVALID", run.Text, StringComparison.Ordinal);
    }

    [ClientFact("nghttp")]
    public async Task Nghttp_upgrades_with_an_upload()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, new byte[300_000]);
            var run = await RunAsync("nghttp", "-u", "-d", file, server.Http + "/upload");
            using var json = JsonDocument.Parse(run.Text);
            Assert.Equal(300_000, json.RootElement.GetProperty("length").GetInt64());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<ProcessRun> RunAsync(string client, params string[] arguments)
    {
        var run = await ProcessRun.RunAsync(Client.Path(client), arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
