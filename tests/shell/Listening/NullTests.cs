using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What is null and may not be is told by its name, where it is handed over and not where it is used.</summary>
public sealed class NullTests
{
    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Hello { get; } = (_, _) => new(new Http2Response());

    public static TheoryData<string, Action> Cases => new()
    {
        { "LoggerFactory", () => _ = new Http2ServerOptions { LoggerFactory = null! } },
        { "LoggerFactory", () => _ = Serving.Loopback with { LoggerFactory = null! } },
        { "TimeProvider", () => _ = new Http2ServerOptions { TimeProvider = null! } },
        { "Connection", () => _ = new Http2ServerOptions { Connection = null! } },
        { "Endpoints", () => _ = new Http2ServerOptions { Endpoints = null! } },
        { "Endpoints[1]", () => _ = new Http2ServerOptions { Endpoints = [new(), null!] } },
        { "options", () => _ = new Http2Server(null!, Hello) },
        { "handlerFactory", () => _ = new Http2Server(Serving.Loopback, (Func<Http2RequestHandler>)null!) },
        { "handler", () => _ = new Http2Server(Serving.Loopback, (Func<Http2Request, CancellationToken, ValueTask<Http2Response>>)null!) },
        { "stream", () => _ = new Http2Server(Serving.Loopback, Hello).ServeAsync((Stream)null!) },
        { "pipe", () => _ = new Http2Server(Serving.Loopback, Hello).ServeAsync((IDuplexPipe)null!) },
        { "certificate", () => Http2Tls.From((X509Certificate2)null!) },
        { "options", () => Http2Tls.From((System.Net.Security.SslServerAuthenticationOptions)null!) },
        { "certificatePath", () => Http2Tls.FromPem(null!) },
        { "Headers", () => _ = new Http2Response { Headers = null! } },
        { "Name", () => _ = Http2Headers.Of([(null!, "value")]) },
        { "Value", () => _ = Http2Headers.Of([("name", null!)]) },
        { "Value", () => _ = Http2Headers.Of([KeyValuePair.Create("name", (string)null!)]) },
        { "Value", () => _ = Http2Headers.Empty.Add("name", null!) },
        { "Name", () => _ = Http2Headers.Empty.Add(null!, "value") },
        { "field", () => _ = Http2Headers.Create([null!]) },
        { "fields", () => _ = Http2Headers.Of((IEnumerable<(string, string)>)null!) },
        { "fields", () => _ = Http2Headers.Of((IEnumerable<KeyValuePair<string, string>>)null!) },
        { "name", () => _ = Http2Headers.Of([("a", "b")])[null!] },
        { "text", () => ResponseBody.From((string)null!) },
        { "stream", () => ResponseBody.From((Stream)null!) },
        { "reader", () => ResponseBody.From((PipeReader)null!) },
        { "chunks", () => ResponseBody.From((IAsyncEnumerable<ReadOnlyMemory<byte>>)null!) },
        { "generator", () => ResponseBody.Generate(null!) },
        { "writer", () => ResponseBody.Write(null!) },
        { "file", () => ResponseBody.FromFile(null!, 0, 1) },
        { "path", () => ResponseBody.FromFile(null!) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_told_by_its_name(string name, Action act) => Assert.Equal(name, Assert.Throws<ArgumentNullException>(act).ParamName);

    [Fact]
    public void The_value_that_is_null_is_told_with_its_field() =>
        Assert.Contains("'x-name'", Assert.Throws<ArgumentNullException>(() => Http2Headers.Empty.Add("x-name", null!)).Message);

    [Fact]
    public async Task A_push_without_a_path_or_a_response_is_told_by_its_name()
    {
        var seen = new List<string?>();
        await using var serving = await Serving.StartAsync((request, _) =>
        {
            seen.Add(Assert.Throws<ArgumentNullException>(() => request.Push(null!, new Http2Response())).ParamName);
            seen.Add(Assert.Throws<ArgumentNullException>(() => request.Push("/", null!)).ParamName);
            seen.Add(Assert.Throws<ArgumentNullException>(() => request.Push("/", new Http2Response(), null!)).ParamName);
            return new(new Http2Response());
        });
        await serving.Client().GetStringAsync("/");
        Assert.Equal(["path", "response", "method"], seen);
    }

    [Fact]
    public void Endpoints_are_copied_so_that_none_becomes_null_later()
    {
        var endpoints = new List<Http2Endpoint> { new() };
        var options = new Http2ServerOptions { Endpoints = endpoints };
        endpoints[0] = null!;
        Assert.NotNull(options.Endpoints[0]);
    }
}
