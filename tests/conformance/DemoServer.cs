using System.Net;
using System.Text;
using Http2.Conformance;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Conformance.Tests;

/// <summary>Our server with a handler that has what every case needs, at the paths of <see cref="TargetResources.Demo"/>.</summary>
internal sealed class DemoServer : ITargetInstance
{
    private static readonly byte[] Large = GC.AllocateUninitializedArray<byte>(1 << 20);

    private readonly Http2Server _server;

    private DemoServer(ConnectionOptions connection) => _server = new Http2Server(
        new Http2ServerOptions
        {
            Connection = connection,
            Endpoints = [new Http2Endpoint { Host = "127.0.0.1" }, new Http2Endpoint { Host = "127.0.0.1", Tls = ServerCertificate.Instance }],
        },
        AnswerAsync);

    /// <summary>What the server holds now.</summary>
    public Http2ServerLoad Load => _server.Load;

    ConformanceTarget ITargetInstance.Target => Target(_isTls);

    private bool _isTls;

    /// <summary>The target for cleartext or TLS.</summary>
    public ConformanceTarget Target(bool tls) => new()
    {
        Port = ((IPEndPoint)_server.Endpoints.First(endpoint => endpoint.IsTls == tls).Address).Port,
        Tls = tls,
        Insecure = true,
        Resources = TargetResources.Demo,
        Spawn = async cancellation =>
        {
            var other = await StartAsync(cancellation: cancellation);
            other._isTls = tls;
            return other;
        },
    };

    public Task StopAsync() => _server.StopAsync();

    public static async Task<DemoServer> StartAsync(ConnectionOptions? connection = null, CancellationToken cancellation = default)
    {
        var server = new DemoServer(connection ?? ConnectionOptions.Default);
        await server._server.StartAsync(cancellation);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async ValueTask<Http2Response> AnswerAsync(Http2Request request, CancellationToken cancellation)
    {
        switch (request.Path)
        {
            case "*":
                return new Http2Response(204, [("allow", "GET, HEAD, POST, OPTIONS")]);
            case "/":
                return Text("Hello, World!");
            case "/big":
                return new Http2Response(200, [("content-type", "application/octet-stream")], Large);
            case "/echo":
                return new Http2Response(200, [], ResponseBody.From(request.Body));
            case "/upload":
                return Text((await Drain(request, cancellation)).ToString(System.Globalization.CultureInfo.InvariantCulture));
            case "/slow":
                await Task.Delay(5000, cancellation);
                return Text("slow");
            case "/push":
                if (request.CanPush)
                    request.Push("/style.css", new Http2Response(200, [("content-type", "text/css")], "body{margin:0}"));
                return Text("pushed");
            case "/trailers":
                return new Http2Response(200, [("trailer", "x-sum")], "body") { Trailers = [("x-sum", "4")] };
            case "/early-hints":
                request.SendInformational(103, [("link", "</style.css>; rel=preload")]);
                return Text("hinted");
            case "/status/204":
                return new Http2Response(204);
            case "/status/304":
                return new Http2Response(304);
            case "/load":
                return Text(System.Text.Json.JsonSerializer.Serialize(Load));
            case "/headers":
                return Text(Describe(request));
            default:
                return new Http2Response(404, [("content-type", "text/plain")], "not here");
        }
    }

    private static Http2Response Text(string text) => new(200, [("content-type", "text/plain")], text);

    private static string Describe(Http2Request request)
    {
        var text = new StringBuilder();
        foreach (var name in request.Headers.Select(field => field.Name.ToString()).Distinct())
            text.Append(name).Append(": ").Append(request.Headers[name]).Append('\n');
        return text.ToString();
    }

    private static async Task<long> Drain(Http2Request request, CancellationToken cancellation)
    {
        long length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(cancellation);
            length += read.Buffer.Length;
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return length;
        }
    }
}
