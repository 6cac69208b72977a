using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Real clients that upload to whoever answers before the upload is complete: each reads the answer, is done at once, and goes on with the
/// connection where it can (curl 7.88 never uses a connection with prior knowledge twice).
/// </summary>
public sealed class EarlyAnswerClientTests
{
    private const int Rounds = 3;

    private static readonly byte[] Upload = new byte[5_000_000];

    // Reads between its frames, and asks for the same again with GET.
    private const string H2Client = """
        import select, socket, sys
        import h2.config, h2.connection, h2.events

        port, path = int(sys.argv[1]), sys.argv[2]
        sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        conn.initiate_connection()

        def pump(state, wait):
            sock.sendall(conn.data_to_send())
            if not wait and not select.select([sock], [], [], 0)[0]:
                return
            octets = sock.recv(65536)
            assert octets, "the server closed the connection"
            for event in conn.receive_data(octets):
                if isinstance(event, h2.events.ResponseReceived):
                    state["status"] = dict(event.headers)[":status"]
                elif isinstance(event, h2.events.StreamEnded):
                    state["ended"] = True
            sock.sendall(conn.data_to_send())

        def ask(method, left):
            stream, state = conn.get_next_available_stream_id(), {"status": None, "ended": False}
            conn.send_headers(stream, [(":method", method), (":scheme", "http"), (":authority", "localhost"), (":path", path)],
                              end_stream=not left)
            while left and not state["ended"]:
                room = min(conn.local_flow_control_window(stream), conn.max_outbound_frame_size, left)
                if room:
                    conn.send_data(stream, bytes(room), end_stream=room == left)
                    left -= room
                pump(state, wait=not room)
            while not state["ended"]:
                pump(state, wait=True)
            return state["status"]

        print(ask("POST", 5000000), ask("GET", 0))
        """;

    /// <summary>Who answers, with what status and with how many octets.</summary>
    public static TheoryData<bool, int, int> Answers => new()
    {
        { true, 413, 0 }, { true, 302, 20 }, { true, 404, 30_000 }, { true, 200, 0 }, { true, 200, 20 }, { true, 200, 30_000 },
        { false, 401, 0 }, { false, 404, 20 }, { false, 200, 0 }, { false, 200, 30_000 },
    };

    [ClientTheory("curl")]
    [MemberData(nameof(Answers))]
    public async Task Curl_from_a_pipe(bool isDelegate, int status, int octets)
    {
        await using var serving = await StartAsync(isDelegate, status, octets);
        for (var i = 0; i < Rounds; i++)
            await CurlAsync(serving, status, octets, ["-T", "-"], Upload);
    }

    [ClientTheory("curl")]
    [MemberData(nameof(Answers))]
    public async Task Curl_from_a_file(bool isDelegate, int status, int octets)
    {
        using var file = new TemporaryFile(Upload);
        await using var serving = await StartAsync(isDelegate, status, octets);
        for (var i = 0; i < Rounds; i++)
            await CurlAsync(serving, status, octets, ["-T", file.Path]);
    }

    [ClientFact("curl")]
    public async Task Curl_over_TLS_uses_the_connection_again()
    {
        using var file = new TemporaryFile(Upload);
        await using var serving = await StartAsync(isDelegate: true, status: 413, octets: 0, TestCertificate.Server);
        string[] upload = ["-sS", "-k", "--http2", "-o", "/dev/null", "-w", "%{http_code} %{num_connects} ", serving.Uri + "upload"];
        var run = await ProcessRun.RunAsync(Client.Path("curl"), ["-T", file.Path, .. upload, "--next", "-T", file.Path, .. upload], seconds: 20);
        Assert.Equal((0, "413 1 413 0 "), (run.ExitCode, run.Text));
    }

    [ClientTheory("nghttp")]
    [MemberData(nameof(Answers))]
    public async Task Nghttp(bool isDelegate, int status, int octets)
    {
        using var file = new TemporaryFile(Upload);
        await using var serving = await StartAsync(isDelegate, status, octets);
        for (var i = 0; i < Rounds; i++)
        {
            var run = await ProcessRun.RunAsync(
                Client.Path("nghttp"), ["-nv", "-d", file.Path, "-m", "1", serving.Uri + "a", serving.Uri + "b"], seconds: 20);
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal(2, Regex.Count(run.Text, $@"\) :status: {status}\n"));
            Assert.DoesNotContain("not processed", run.Error, StringComparison.Ordinal);
        }
    }

    [ClientTheory("nghttp")]
    [InlineData(true, 413)]
    [InlineData(false, 413)]
    [InlineData(true, 200)]
    [InlineData(false, 200)]
    public async Task Nghttp_that_waits_for_leave_to_send(bool isDelegate, int status)
    {
        using var file = new TemporaryFile(Upload);
        await using var serving = await StartAsync(isDelegate, status, octets: 0);
        var run = await ProcessRun.RunAsync(Client.Path("nghttp"), ["-nv", "--expect-continue", "-d", file.Path, serving.Uri + "a"], seconds: 20);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Single(Regex.Matches(run.Text, $@"\) :status: {status}\n"));
    }

    [ClientTheory("python3-h2")]
    [MemberData(nameof(Answers))]
    public async Task Python_h2(bool isDelegate, int status, int octets)
    {
        await using var serving = await StartAsync(isDelegate, status, octets);
        for (var i = 0; i < Rounds; i++)
        {
            var run = await ProcessRun.RunAsync(Client.Path("python3-h2"), ["-c", H2Client, $"{serving.Uri.Port}", "/"], seconds: 20);
            Assert.Equal((0, $"{status} {status}\n"), (run.ExitCode, run.Text));
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Dotnet_HttpClient(bool isDelegate, int status, int octets)
    {
        await using var serving = await StartAsync(isDelegate, status, octets);
        var connections = 0;
        var client = serving.Client(handler =>
        {
            handler.AllowAutoRedirect = false;
            handler.PlaintextStreamFilter = (context, _) =>
            {
                connections++;
                return new(context.PlaintextStream);
            };
        });
        for (var i = 0; i < Rounds; i++)
        {
            using var posted = await client.PostAsync("/", new ByteArrayContent(Upload));
            Assert.Equal((status, octets), ((int)posted.StatusCode, (await posted.Content.ReadAsByteArrayAsync()).Length));
            using var got = await client.GetAsync("/");
            Assert.Equal(status, (int)got.StatusCode);
        }
        Assert.Equal(1, connections);
    }

    private static async Task CurlAsync(Serving serving, int status, int octets, string[] upload, byte[]? input = null)
    {
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"),
            ["-sS", "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", .. upload, serving.Uri + "upload"],
            seconds: 20,
            input);
        Assert.Equal((0, $"{status} {octets}"), (run.ExitCode, run.Text));
    }

    private static Task<Serving> StartAsync(bool isDelegate, int status, int octets, Http2Tls? tls = null)
    {
        Http2Headers fields = status == 302 ? [("location", "/else")] : [];
        var options = Serving.Loopback with { Tls = tls };
        return isDelegate
            ? Serving.StartAsync((_, _) => new(new Http2Response(status, fields, new byte[octets])), options)
            : Serving.StartAsync(() => new ScriptedHandler { Headers_ = h => h.SendResponse(status, fields, new byte[octets]) }, options);
    }
}
