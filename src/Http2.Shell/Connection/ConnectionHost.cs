using Hpack.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What all connections of a server share. Thread-safe.</summary>
internal sealed class ConnectionHost
{
    private long _lastConnection;

    public ConnectionHost(Http2ServerOptions options, Func<Http2Exchange> exchanges)
    {
        Options = options;
        Exchanges = exchanges;
        Logger = options.LoggerFactory.CreateLogger("Http2.Shell.Http2Server");
        Clock = new Clock(options.TimeProvider);
        Server = options.ServerHeader is { } name ? OutboundFields.Normalise(("server", name)) : null;
    }

    public Http2ServerOptions Options { get; }

    /// <summary>Makes what handles a stream.</summary>
    public Func<Http2Exchange> Exchanges { get; }

    public ILogger Logger { get; }

    public Clock Clock { get; }

    public ConnectionScheduler Scheduler { get; init; } = ConnectionScheduler.ThreadPool;

    /// <summary>The <c>server</c> field, or null.</summary>
    public HeaderField? Server { get; }

    public ConnectionRegistry Connections { get; } = new();

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnection);
}
