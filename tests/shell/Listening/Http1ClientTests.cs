using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Clients that speak HTTP/1.x are told what to speak.</summary>
public sealed class Http1ClientTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRINT /x HTTP/1.0\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")]
    public async Task A_client_that_speaks_HTTP1_is_told_what_to_use(string request)
    {
        await using var serving = await Serving.StartAsync(ListeningTests.Hello);
        foreach (var step in new[] { request.Length, 1 })
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
            for (var at = 0; at < request.Length; at += step)
                await socket.SendAsync(Encoding.ASCII.GetBytes(request[at..Math.Min(at + step, request.Length)]));
            var answer = await new StreamReader(new NetworkStream(socket)).ReadToEndAsync().Soon();
            Assert.StartsWith("HTTP/1.1 426 Upgrade Required\r\n", answer);
            Assert.Contains("\r\nupgrade: h2c\r\n", answer);
            Assert.Contains("prior knowledge", answer);
        }
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("GET", false)]
    public async Task Its_answer_has_a_date_and_for_HEAD_no_content(string method, bool sendsDate)
    {
        var clock = new ManualClock(DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var serving = await Serving.StartAsync(ListeningTests.Hello, Serving.Loopback with { TimeProvider = clock, SendDate = sendsDate });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{method} / HTTP/1.1\r\nhost: x\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(socket));
        socket.Shutdown(SocketShutdown.Send);
        var answer = await reader.ReadToEndAsync().Soon();
        Assert.Equal(sendsDate, answer.Contains("\r\ndate: Sun, 01 Mar 2026 12:00:00 GMT\r\n", StringComparison.Ordinal));
        Assert.Matches("\r\ncontent-length: [1-9][0-9]+\r\n", answer);
        Assert.Equal(method == "HEAD", answer.EndsWith("\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_text_for_HTTP1_clients_is_an_option()
    {
        await using var serving = await Serving.StartAsync(
            ListeningTests.Hello, Serving.Loopback with { UpgradeRequiredText = "use https://example.org" });
        using var client = new HttpClient();
        var answer = await client.GetAsync(serving.Uri);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("use https://example.org\n", await answer.Content.ReadAsStringAsync());
    }
}
