// usage: Hello.CSharp [CERTIFICATE [KEY [PORT]]]
using Http2.Shell;

var server = Http2Server.Create<Handler>("127.0.0.1", int.Parse(args.ElementAtOrDefault(2) ?? "8443"), Http2Tls.FromPem(
    args.ElementAtOrDefault(0) ?? "server.crt", args.ElementAtOrDefault(1) ?? "server.key"));
await server.StartAsync();
Console.WriteLine($"listening on {server.Endpoints[0].Uri}");
server.ServeForever();

class Handler : Http2RequestHandler
{
    protected override void OnHeaders()
    {
        if (CanPush)
            Push("/css/style.css", requestHeaders: [("content-type", "text/css")], status: 200, body: "body{margin:0;}");
        SendResponse(200, [("content-type", "text/plain")], new MemoryStream("Http2Spec FTW"u8.ToArray()));
    }
}
