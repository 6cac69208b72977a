namespace Http2.Shell;

/// <summary>
/// An HTTP/2 server over cleartext (prior knowledge) and TLS. Handlers are callbacks (<see cref="Http2RequestHandler"/>, one instance a
/// stream) or a delegate. Thread-safe; started once.
/// </summary>
public sealed partial class Http2Server : IAsyncDisposable
{
    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handlerFactory">Makes a handler; called for each stream, any thread.</param>
    public Http2Server(Http2ServerOptions options, Func<Http2RequestHandler> handlerFactory) => throw new NotImplementedException();

    /// <summary>A server whose requests are each answered by a call of a delegate.</summary>
    /// <param name="options">Where to listen and what to allow.</param>
    /// <param name="handler">Answers a request. Its token is cancelled when the stream is closed before the response is out.</param>
    public Http2Server(Http2ServerOptions options, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler) =>
        throw new NotImplementedException();

    /// <summary>Where the server listens; empty before it was started.</summary>
    public IReadOnlyList<Http2BoundEndpoint> EndPoints => throw new NotImplementedException();

    /// <summary>The TCP port of the first endpoint, 0 before the server was started.</summary>
    public int Port => throw new NotImplementedException();

    /// <summary>How many connections are open now.</summary>
    public int ConnectionCount => throw new NotImplementedException();

    /// <summary>A server at one address with a handler class.</summary>
    /// <typeparam name="THandler">The handler class; one instance a stream.</typeparam>
    /// <param name="host">A host name or address, or null for all interfaces.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="tls">TLS, or null for cleartext.</param>
    public static Http2Server Create<THandler>(string? host, int port, Http2Tls? tls = null)
        where THandler : Http2RequestHandler, new() =>
        new(new Http2ServerOptions { Host = host, Port = port, Tls = tls }, static () => new THandler());

    /// <summary>A server at one address with a delegate.</summary>
    /// <param name="host">A host name or address, or null for all interfaces.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="handler">Answers a request.</param>
    /// <param name="tls">TLS, or null for cleartext.</param>
    public static Http2Server Create(
        string? host, int port, Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler, Http2Tls? tls = null) =>
        new(new Http2ServerOptions { Host = host, Port = port, Tls = tls }, handler);

    /// <summary>Listens and begins to serve.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Ends gracefully: listens no more, tells clients with GOAWAY (RFC 9113 §6.8), lets requests in flight finish for
    /// <see cref="Http2ServerOptions.DrainTimeout"/>, then cuts what is left.
    /// </summary>
    /// <param name="cancellationToken">Cuts what is left at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Starts unless started, serves until the token is cancelled or the server is stopped, then ends gracefully.</summary>
    /// <param name="cancellationToken">Ends serving.</param>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
    public Task RunAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Starts unless started and blocks until the server is stopped or the process gets SIGINT or SIGTERM; then ends gracefully.</summary>
    /// <exception cref="Http2ListenException">An address is taken, is not ours, or is not permitted.</exception>
    public void ServeForever() => throw new NotImplementedException();

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
