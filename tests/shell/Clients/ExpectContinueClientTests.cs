using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Real clients that hold a body back until 100 (Continue) comes.</summary>
[Collection(DemoServerCollection.Name)]
public sealed class ExpectContinueClientTests(DemoServer server)
{
    // Sends nothing of its body before 100 came, or fails.
    private const string H2Client = """
        import socket, sys
        import h2.config, h2.connection, h2.events

        sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        conn.initiate_connection()
        conn.send_headers(1, [(":method", "POST"), (":scheme", "http"), (":authority", "localhost:" + sys.argv[1]), (":path", "/upload"),
                              ("expect", "100-continue"), ("content-length", "10")])
        sock.sendall(conn.data_to_send())
        ended = False
        while not ended:
            for event in conn.receive_data(sock.recv(65536)):
                if isinstance(event, h2.events.InformationalResponseReceived):
                    print(dict(event.headers)[":status"])
                    conn.send_data(1, b"0123456789", end_stream=True)
                elif isinstance(event, h2.events.ResponseReceived):
                    print(dict(event.headers)[":status"])
                ended = ended or isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset))
            sock.sendall(conn.data_to_send())
        """;

    [ClientTheory("curl")]
    [InlineData(false, "/upload", 200)]
    [InlineData(true, "/upload", 200)]
    [InlineData(false, "/hello", 405)]
    [InlineData(true, "/hello", 405)]
    public async Task Curl_does_not_wait_in_vain(bool tls, string path, int status)
    {
        string[] protocol = tls ? ["-k", "--http2"] : ["--http2-prior-knowledge"];
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"),
            [
                "-sS", .. protocol, "-H", "expect: 100-continue", "--expect100-timeout", "600", "--data-binary", "@-", "-o", "/dev/null",
                "-w", "%{response_code}", server.Base(tls) + path,
            ],
            input: new byte[300_000]);
        Assert.Equal($"{status}", run.Text);
    }

    [ClientFact("curl")]
    public async Task Curl_gets_back_what_an_answer_reads_while_it_is_sent()
    {
        var body = Random.Shared.GetItems("0123456789abcdef"u8.ToArray(), 300_000);
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"),
            [
                "-sS", "--http2-prior-knowledge", "-H", "expect: 100-continue", "--expect100-timeout", "600", "--data-binary", "@-",
                server.Http + "/echo",
            ],
            input: body);
        Assert.Equal(body, run.Output);
    }

    /// <summary>nghttp takes a final status that comes with 100 for a sign that the body is not wanted.</summary>
    [ClientTheory("nghttp")]
    [InlineData("/upload", 1, 200)]
    [InlineData("/echo", 1, 200)]
    [InlineData("/hello", 0, 405)]
    public async Task Nghttp_is_told_once_and_then_answered(string path, int told, int status)
    {
        using var temp = new TemporaryDirectory();
        var run = await ProcessRun.RunAsync(
            Client.Path("nghttp"), ["-nv", "--expect-continue", "-d", temp.Write("body", new byte[300_000]), server.Http + path]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(told, Regex.Count(run.Text, @"\) :status: 100\n"));
        Assert.Single(Regex.Matches(run.Text, $@"\) :status: {status}\n"));
        Assert.DoesNotContain("not processed", run.Error, StringComparison.Ordinal);
    }

    [ClientFact("python3-h2")]
    public async Task Python_h2_sends_its_body_behind_100()
    {
        using var temp = new TemporaryDirectory();
        var script = temp.Write("client.py", System.Text.Encoding.UTF8.GetBytes(H2Client));
        var run = await ProcessRun.RunAsync(Client.Path("python3-h2"), [script, $"{server.Process.HttpPort}"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("100\n200\n", run.Text);
    }
}
