using System.Text.Json;
using Xunit;

namespace Http2.Shell.Tests;

[Collection(DemoServerCollection.Name)]
public sealed class PythonH2Tests(DemoServer server)
{
    // A client of python3-h2: one request after the other on one connection, cleartext or TLS, prints what it saw as JSON.
    private const string Script = """
        import hashlib, json, socket, ssl, sys
        import h2.config, h2.connection, h2.events

        port, tls = int(sys.argv[1]), sys.argv[2] == "tls"
        sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["h2", "http/1.1"])
            sock = context.wrap_socket(sock, server_hostname="localhost")
            assert sock.selected_alpn_protocol() == "h2", sock.selected_alpn_protocol()
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        conn.initiate_connection()
        sock.sendall(conn.data_to_send())
        pushed = []

        def pump(stream, state):
            octets = sock.recv(65536)
            assert octets, "the server closed the connection"
            for event in conn.receive_data(octets):
                if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
                    state["headers"] = dict(event.headers)
                elif isinstance(event, h2.events.DataReceived):
                    if event.stream_id == stream:
                        state["body"] += event.data
                    conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.PushedStreamReceived):
                    pushed.append(dict(event.headers)[":path"])
                elif isinstance(event, h2.events.TrailersReceived):
                    state["trailers"] = dict(event.headers)
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    state["done"] = True
                elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    raise Exception(repr(event))
            sock.sendall(conn.data_to_send())

        def ask(method, path, body=b""):
            stream = conn.get_next_available_stream_id()
            conn.send_headers(stream, [(":method", method), (":scheme", "https" if tls else "http"),
                                       (":authority", "localhost"), (":path", path), ("accept", "*/*")], end_stream=not body)
            state = {"body": b"", "done": False}
            while body:
                room = min(conn.local_flow_control_window(stream), conn.max_outbound_frame_size, len(body))
                if room:
                    conn.send_data(stream, body[:room], end_stream=room == len(body))
                    body = body[room:]
                    sock.sendall(conn.data_to_send())
                else:
                    pump(stream, state)
            sock.sendall(conn.data_to_send())
            while not state["done"]:
                pump(stream, state)
            return state

        hello = ask("GET", "/hello")
        page = ask("GET", "/")
        big = ask("GET", "/big")
        trailers = ask("GET", "/trailers")
        body = bytes(range(256)) * 4000
        upload = json.loads(ask("POST", "/upload", body)["body"])
        echo = ask("PUT", "/echo", body[:100000])
        print(json.dumps({
            "hello": hello["body"].decode(), "status": hello["headers"][":status"], "page": page["headers"]["content-type"],
            "pushed": pushed,
            "big": len(big["body"]), "trailers": "x-sha256" in trailers["trailers"],
            "upload": upload["length"] == len(body) and upload["sha256"] == hashlib.sha256(body).hexdigest(),
            "echo": echo["body"] == body[:100000],
        }))
        """;

    [ClientTheory("python3-h2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_requests_are_answered_and_its_pushes_seen(bool tls)
    {
        var port = new Uri(server.Base(tls)).Port;
        var run = await ProcessRun.RunAsync(Client.Path("python3-h2"), ["-c", Script, $"{port}", tls ? "tls" : "cleartext"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = JsonDocument.Parse(run.Output);
        var seen = json.RootElement;
        Assert.Equal("Hello, World!", seen.GetProperty("hello").GetString());
        Assert.Equal("200", seen.GetProperty("status").GetString());
        Assert.Equal("text/html; charset=utf-8", seen.GetProperty("page").GetString());
        Assert.Equal(["/style.css"], seen.GetProperty("pushed").EnumerateArray().Select(path => path.GetString()));
        Assert.Equal(1024 * 1024, seen.GetProperty("big").GetInt32());
        Assert.True(seen.GetProperty("trailers").GetBoolean());
        Assert.True(seen.GetProperty("upload").GetBoolean());
        Assert.True(seen.GetProperty("echo").GetBoolean());
    }
}
