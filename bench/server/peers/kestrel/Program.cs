// Kestrel with nothing above it: a bare IServer, no hosting, no middleware. Usage: kestrel PORT [CERT KEY]
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
{
    options.Limits.MaxRequestBodySize = null;
    options.ListenLocalhost(int.Parse(args[0]), listen =>
    {
        listen.Protocols = HttpProtocols.Http2;
        if (args.Length < 3)
            return;
        var pem = X509Certificate2.CreateFromPemFile(args[1], args[2]);
        listen.UseHttps(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
    });
});
await builder.Build().Services.GetRequiredService<IServer>().StartAsync(new Application(), default);
await Task.Delay(-1);

internal sealed class Application : IHttpApplication<IFeatureCollection>
{
    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();
    private static readonly byte[] Chunk = new byte[65536];

    public IFeatureCollection CreateContext(IFeatureCollection features) => features;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection features)
    {
        var request = features.Get<IHttpRequestFeature>()!;
        var response = features.Get<IHttpResponseFeature>()!;
        var writer = features.Get<IHttpResponseBodyFeature>()!.Writer;
        response.Headers.ContentType = "text/plain";
        if (request.Path.StartsWith("/bytes/"))
        {
            var left = long.Parse(request.Path.AsSpan(7));
            response.Headers.ContentLength = left;
            for (; left > 0; left -= Chunk.Length)
                await writer.WriteAsync(Chunk.AsMemory(0, (int)Math.Min(left, Chunk.Length)));
            return;
        }
        if (request.Path == "/hop")
            await Task.Yield();
        else if (request.Path.StartsWith("/spin/"))
            Spin(int.Parse(request.Path.AsSpan(6)));
        else if (request.Path == "/headers20")
            for (var i = 0; i < 20; i++)
                response.Headers[$"x-field-{i:00}"] = $"value of field {i}";
        if (request.Method == "POST")
        {
            var buffer = new byte[65536];
            while (await request.Body.ReadAsync(buffer) > 0)
            {
            }
        }
        response.Headers.ContentLength = Hello.Length;
        await writer.WriteAsync(Hello);
    }

    private static void Spin(int microseconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
        }
    }
}
