using Microsoft.Extensions.Logging;

namespace Http2.Shell.Tests;

/// <summary>A client's connection to a server of ours, over pipes in memory; everything is gone at the end of the test.</summary>
internal sealed class ClientPair : IAsyncDisposable
{
    private readonly Http2Server _server;
    private readonly Task _serving;

    private ClientPair(Http2Server server, Task serving, Http2ClientConnection client, TestLog log) =>
        (_server, _serving, Client, Log) = (server, serving, client, log);

    public Http2ClientConnection Client { get; }

    public TestLog Log { get; }

    public Http2Server Server => _server;

    public static ClientPair Start(
        Func<Http2Request, ValueTask<Http2Response>> handler, Http2ClientOptions? client = null, Http2ServerOptions? server = null)
    {
        var log = new TestLog();
        var made = new Http2Server((server ?? new Http2ServerOptions()) with { LoggerFactory = log }, handler);
        return Start(made, client, log);
    }

    public static ClientPair Start(Func<Http2RequestHandler> factory, Http2ClientOptions? client = null, Http2ServerOptions? server = null)
    {
        var log = new TestLog();
        return Start(new Http2Server((server ?? new Http2ServerOptions()) with { LoggerFactory = log }, factory), client, log);
    }

    /// <summary>Waits until both ends have given everything back.</summary>
    public async Task NothingIsHeldAsync()
    {
        await Client.DisposeAsync().AsTask().Soon();
        await _serving.Soon();
        await ClientCounts.NothingIsHeldAsync(Client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().AsTask().Soon();
        await _server.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
    }

    private static ClientPair Start(Http2Server server, Http2ClientOptions? options, TestLog log)
    {
        var (clientEnd, serverEnd) = PipeEnds.Create();
        var serving = server.ServeAsync(serverEnd);
        // Options of its own, so that the counts of the engine are those of this connection.
        return new ClientPair(server, serving, Http2ClientConnection.Over(clientEnd, (options ?? new Http2ClientOptions()) with { }), log);
    }
}

/// <summary>What a client's engine holds.</summary>
internal static class ClientCounts
{
    /// <summary>Waits until all connections with the options of this one have given everything back.</summary>
    public static async Task NothingIsHeldAsync(Http2ClientConnection client)
    {
        var engine = client.Engine.Host;
        using var late = new CancellationTokenSource(Patience.Time);
        while (Held(engine) != default && !late.IsCancellationRequested)
            await Task.Delay(5);
        Xunit.Assert.Equal(default, Held(engine));
    }

    private static (int Connections, int Handlers, int Buffers, int Timers, long Memory) Held(EngineHost engine) =>
        (engine.Connections.Count, engine.Resources.UserWork, engine.Resources.Buffers, engine.Resources.Timers, engine.Memory.Held);
}
