using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary><c>http2 get</c> as a process, with a server of ours.</summary>
public sealed class GetCommandTests
{
    [Fact]
    public async Task Bodies_go_to_standard_output()
    {
        await using var serving = await Serving.StartAsync((request, _) => new(new Http2Response(200, [], $"{request.Method} {request.Path};")));
        var run = await RunAsync($"{serving.Uri}a", $"{serving.Uri}a");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("GET /a;GET /a;", run.Text);
        Assert.Equal("", (await RunAsync("-n", serving.Uri.ToString())).Text);
        Assert.Equal("GET /;GET /;GET /;", (await RunAsync("-m", "3", serving.Uri.ToString())).Text);
    }

    [Fact]
    public async Task A_request_is_as_the_options_say()
    {
        await using var serving = await Serving.StartAsync(async (request, cancel) =>
        {
            using var body = new StreamReader(request.BodyStream);
            var text = await body.ReadToEndAsync(cancel);
            var fields = string.Join(" ", request.Headers.Where(field => field.Name.ToString() is "x-a" or "expect" or "priority" or "content-length"));
            return new Http2Response(200, [], $"{request.Method} {request.Host} {fields} [{text}] {request.Trailers["x-t"]}");
        }, Serving.Loopback with { TrustGateway = true });
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.FullPath, "data");
        await File.WriteAllTextAsync(data, "body");
        var run = await RunAsync(
            "-H", "X-A: b", "-H", ":authority: example.org", "-H", ":method: PUT", "-d", data, "--trailer", "x-t: end", "--expect-continue", "--priority", "u=1,i",
            serving.Uri.ToString());
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("PUT example.org x-a: b expect: 100-continue content-length: 4 priority: u=1, i [body] end", run.Text);
        var hidden = await RunAsync("-d", data, "--no-content-length", serving.Uri.ToString());
        Assert.Equal($"POST {serving.Uri.Authority}  [body] ", hidden.Text);
    }

    [Fact]
    public async Task Frames_are_shown_as_nghttp_shows_them_and_pushes_like_responses()
    {
        await using var serving = await Serving.StartAsync<Pushing>();
        var run = await RunAsync("-v", "-s", serving.Uri.ToString());
        Assert.True(run.ExitCode == 0, run.ToString());
        string[] seen =
        [
            "Connected to 127.0.0.1:", "send SETTINGS frame", "recv SETTINGS frame", "send HEADERS frame", ":path: /", "recv PUSH_PROMISE frame",
            "pushed body", "page body", "send GOAWAY frame", "***** Statistics *****",
        ];
        Assert.All(seen, text => Assert.Contains(text, run.Text, StringComparison.Ordinal));
        Assert.Matches(@"(?m)^ +1 +\+\S+ +\+\S+ +\S+ +200 +9 B /$", run.Text);
        Assert.Matches(@"(?m)^ +2 +\+\S+ +\*\+\S+ +\S+ +200 +11 B /pushed$", run.Text);
        var none = await RunAsync("-v", "--no-push", serving.Uri.ToString());
        Assert.DoesNotContain("PUSH_PROMISE", none.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", none.Text, StringComparison.Ordinal);
        Assert.Contains("\e[35msend\e[0m", (await RunAsync("-v", "--color", serving.Uri.ToString())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_JSON_have_responses_and_frames()
    {
        await using var serving = await Serving.StartAsync(
            (_, _) => new(new Http2Response(404, [("x-a", "b")], "gone") { Trailers = [("x-t", "end")] }));
        var run = await RunAsync("--json", "-v", serving.Uri.ToString());
        var lines = run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var response = lines.Single(line => line.TryGetProperty("status", out _));
        Assert.Equal((404, 4), (response.GetProperty("status").GetInt32(), response.GetProperty("octets").GetInt32()));
        Assert.Contains(response.GetProperty("headers").EnumerateArray(), field => field[0].GetString() == "x-a" && field[1].GetString() == "b");
        Assert.Equal("end", response.GetProperty("trailers")[0][1].GetString());
        Assert.Contains(lines, line => line.TryGetProperty("type", out var type) && type.GetString() == "HEADERS" && line.GetProperty("direction").GetString() == "recv");
    }

    [Fact]
    public async Task An_archive_has_exchanges_with_their_frames()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [("content-type", "text/plain")], "hello")));
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "a.har");
        var run = await RunAsync("--har", path, "-n", $"{serving.Uri}page?a=1&b");
        Assert.True(run.ExitCode == 0, run.ToString());
        using var har = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        var log = har.RootElement.GetProperty("log");
        Assert.Equal("1.2", log.GetProperty("version").GetString());
        var entry = Assert.Single(log.GetProperty("entries").EnumerateArray());
        var (request, response) = (entry.GetProperty("request"), entry.GetProperty("response"));
        Assert.Equal($"{serving.Uri}page?a=1&b", request.GetProperty("url").GetString());
        Assert.Equal(["a=1", "b="], request.GetProperty("queryString").EnumerateArray().Select(pair => $"{pair.GetProperty("name")}={pair.GetProperty("value")}"));
        Assert.Equal(200, response.GetProperty("status").GetInt32());
        Assert.Equal("hello", response.GetProperty("content").GetProperty("text").GetString());
        Assert.Equal(
            ["send HEADERS", "recv HEADERS", "recv DATA"],
            entry.GetProperty("_frames").EnumerateArray().Select(frame => $"{frame.GetProperty("direction")} {frame.GetProperty("type")}"));
        Assert.Contains(
            log.GetProperty("_connections")[0].GetProperty("_frames").EnumerateArray(), frame => frame.GetProperty("type").GetString() == "SETTINGS");
    }

    [Fact]
    public async Task Round_trips_are_shown_and_an_unexpected_status_is_a_failure()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(404)));
        var run = await RunAsync("--ping", "2", "--expect", "200", serving.Uri.ToString());
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^(PING: \d+\.\d{3} ms\n){2}$", run.Text);
        Assert.Equal($"http2: {serving.Uri}: status 404 instead of 200\n", run.Error);
        Assert.Equal(0, (await RunAsync("--expect", "404", serving.Uri.ToString())).ExitCode);
    }

    [Fact]
    public async Task Octets_that_come_are_shown_as_hexdump_shows_them()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "hello, hello")));
        var run = await RunAsync("--hexdump", "-n", serving.Uri.ToString());
        Assert.Matches(@"(?m)^00000000  00 00 [0-9a-f]{2} 04 00 00 00 00  00 .*  \|.{16}\|$", run.Text);
        Assert.Equal("00000010  68 69 0a                                          |hi.|", Http2.Tool.HexDump.Line(16, "hi\n"u8));
    }

    [Fact]
    public async Task What_is_said_into_a_WebSocket_comes_back()
    {
        await using var serving = await Serving.StartAsync(
            EchoAsync, Serving.Loopback with { Connection = ConnectionOptions.Default with { EnableConnectProtocol = true } });
        var run = await ProcessRun.RunAsync(
            ServeProcess.Tool("get", "--ws", $"ws://{serving.Uri.Authority}/chat"), seconds: 30, input: "one\ntwo\n"u8.ToArray());
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("websocket /chat: one\nwebsocket /chat: two\n", run.Text);
    }

    [Fact]
    public async Task What_is_written_into_a_tunnel_comes_out_again()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], request.BodyStream)), Serving.Loopback with { AllowConnect = true });
        var run = await ProcessRun.RunAsync(
            ServeProcess.Tool("get", "--connect", "example.org:443", serving.Uri.ToString()), seconds: 30, input: "there and back"u8.ToArray());
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("there and back", run.Text);
    }

    [Fact]
    public async Task A_tunnel_that_is_refused_is_one_line()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200)));
        (await RunAsync("--ws", serving.Uri.ToString())).AssertOneLine(1, "the server takes no extended CONNECT");
        (await RunAsync("--connect", "example.org:443", serving.Uri.ToString())).AssertOneLine(1, "the server refused the tunnel (example.org:443) with status");
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_one_line_and_can_be_taken()
    {
        await using var serving = await Serving.StartAsync(
            (request, _) => new(new Http2Response(200, [], $"{request.Connection.ServerName}")), Serving.Loopback with { Tls = TestCertificate.Server });
        var url = $"https://localhost:{serving.Server.Port}/";
        (await RunAsync(url)).AssertOneLine(1, $"cannot connect to https://localhost:{serving.Server.Port}: the TLS handshake failed");
        Assert.Equal("localhost", (await RunAsync("-k", url)).Text);
        var elsewhere = await RunAsync("-k", "--connect-to", $"localhost:{serving.Server.Port}", "https://example.org/");
        Assert.Equal((0, "example.org"), (elsewhere.ExitCode, elsewhere.Text));
    }

    [Fact]
    public async Task A_server_that_breaks_a_rule_is_told_with_the_rule()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var lying = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            var (frames, isAsked, buffer) = (new Http2.Tool.FrameReader(isClient: true), false, new byte[1024]);
            await socket.SendAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
            {
                var before = isAsked;
                frames.Read(buffer.AsSpan(0, read), frame => isAsked |= frame.Header.Type == FrameType.Headers);
                // A DATA frame on stream 0.
                if (isAsked && !before)
                    await socket.SendAsync(new byte[] { 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 });
            }
        });
        var run = await RunAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^http2: http://\S+: The server broke a rule \(RFC 9113 §6\.1: .*\); answered with PROTOCOL_ERROR\n$", run.Error);
        await lying.Soon();
    }

    [Theory]
    [InlineData("'ftp://x' is not a URL", "ftp://x")]
    [InlineData("there is no option '--nonsense'", "--nonsense")]
    [InlineData("option --header: 'x' is not a field", "-H", "x", "http://x")]
    [InlineData("option --header: ", "-H", "connection: close", "http://127.0.0.1:1")]
    [InlineData("option --priority: 'u=9' is not right", "--priority", "u=9", "http://x")]
    [InlineData("option --multiply: 0 is out of range", "-m", "0", "http://x")]
    [InlineData("option --expect: 99 is out of range", "--expect", "99", "http://x")]
    [InlineData("option --timeout: '0' is not right", "-t", "0", "http://x")]
    [InlineData("option --connect: 'x/y' is not right", "--connect", "x/y", "http://x")]
    [InlineData("--null-out and --remote-name contradict each other", "-n", "-O", "http://x")]
    [InlineData("--ws and --data contradict each other", "--ws", "-d", "x", "http://x")]
    [InlineData("--cert needs --key", "--cert", "x", "http://x")]
    [InlineData("--trailer needs --data", "--trailer", "x: y", "http://x")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(string says, params string[] arguments) =>
        (await RunAsync(arguments)).AssertOneLine(2, says);

    [Theory]
    [InlineData("cannot connect to http://127.0.0.1:1: Connection refused", "http://127.0.0.1:1/")]
    [InlineData("cannot connect to http://nobody.invalid: ", "http://nobody.invalid/")]
    [InlineData("option --data: cannot read '/no/such'", "-d", "/no/such", "http://127.0.0.1:1/")]
    [InlineData("option --record: cannot write into '/dev/null/x'", "--record", "/dev/null/x", "http://127.0.0.1:1/")]
    [InlineData("--cert '/no/such.pem' does not exist", "--cert", "/no/such.pem", "--key", "/no/such.pem", "http://127.0.0.1:1/")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1(string says, params string[] arguments) =>
        (await RunAsync(arguments)).AssertOneLine(1, says);

    private static async ValueTask<Http2Response> EchoAsync(Http2Request request, CancellationToken cancel)
    {
        var outgoing = new System.IO.Pipelines.Pipe();
        var stream = new Duplex(request.BodyStream, outgoing.Writer.AsStream());
        _ = Task.Run(
            async () =>
            {
                using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer, cancel) is { MessageType: WebSocketMessageType.Text } message)
                {
                    var answer = $"{request.Protocol} {request.Path}: {Encoding.UTF8.GetString(buffer, 0, message.Count)}";
                    await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, endOfMessage: true, cancel);
                }
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
            },
            cancel);
        await Task.CompletedTask;
        return new Http2Response(200, [], ResponseBody.From(outgoing.Reader));
    }

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(ServeProcess.Tool(["get", .. arguments]), seconds: 30);

    private sealed class Pushing : Http2RequestHandler
    {
        protected override void OnHeaders()
        {
            if (CanPush)
                Push("/pushed", status: 200, body: "pushed body");
            SendResponse(200, [], "page body");
        }
    }

    private sealed class Duplex(Stream incoming, Stream outgoing) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            incoming.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            outgoing.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                outgoing.Dispose();
            base.Dispose(disposing);
        }
    }
}
