using System.Collections.Concurrent;
using System.Net;

namespace Http2.Shell;

/// <summary>
/// Sends the requests of <see cref="HttpClient"/> over HTTP/2 connections of this library, which it keeps in a pool for each scheme, host and port.
/// Requests that a server did not process are sent again, on another connection when need be (RFC 9113 §8.7), unless their content was read already
/// and cannot be read again. Thread-safe. It speaks HTTP/2 alone: a request whose version and policy allow no HTTP/2 fails with an
/// <see cref="HttpRequestException"/> that says so. It knows no proxies, cookies, redirects and decompression; handlers around it may add them.
/// </summary>
public sealed class Http2MessageHandler : HttpMessageHandler
{
    private const int MostTries = 5;

    private readonly Http2ClientOptions _options;
    private readonly ConcurrentDictionary<Origin, OriginPool> _pools = new();
    private readonly FieldCache _fields = new();
    private volatile bool _isDisposed;

    /// <summary>
    /// A handler with the defaults, but without <see cref="Http2ClientOptions.ResponseTimeout"/> and <see cref="Http2ClientOptions.ResponseBodyPace"/>:
    /// HttpClient has a timeout of its own, and streams of messages (gRPC) may be silent for hours.
    /// </summary>
    public Http2MessageHandler()
        : this(new Http2ClientOptions { ResponseTimeout = Timeout.InfiniteTimeSpan, ResponseBodyPace = null })
    {
    }

    /// <summary>A handler whose connections are made with given options.</summary>
    /// <param name="options">The options. <see cref="Http2ClientOptions.ResponseTimeout"/> holds beside the timeout of HttpClient.</param>
    public Http2MessageHandler(Http2ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>The key of a request's option: the priority of its response (RFC 9218).</summary>
    public static HttpRequestOptionsKey<Http2Priority> Priority { get; } = new("Http2Spec.Priority");

    /// <summary>
    /// The key of a request's option: is called, on the thread pool, for each response that the server pushes for the request (RFC 9113 §8.4), when
    /// <c>Connection.EnablePush</c> of the options allows pushes. Without it they are refused.
    /// </summary>
    public static HttpRequestOptionsKey<Action<Http2ClientStream>> Pushes { get; } = new("Http2Spec.Pushes");

    /// <summary>
    /// How many connections to one scheme, host and port may be open at a time, 1 or more. A further one is opened when all that are there have as many
    /// streams as the server allows; beyond the limit requests wait for a place. Default 16.
    /// </summary>
    public int MaxConnectionsPerOrigin { get; init; } = 16;

    /// <summary>
    /// How long a connection is used for new requests; then it ends gracefully and another one takes its place, so that changes of addresses are seen.
    /// <see cref="Timeout.InfiniteTimeSpan"/>, the default, sets no bound.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How many connections are open now.</summary>
    public int ConnectionCount => _pools.Values.Sum(pool => pool.Count);

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var message = RequestMessage.Of(request, _fields);
        var pool = _pools.TryGetValue(message.Origin, out var there) ? there : PoolOf(message.Origin, request.RequestUri!);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var connection = pool.TryTake() ?? await pool.TakeAsync(cancellationToken).ConfigureAwait(false);
                if (message.IsTunnel)
                    return await TunnelMessage.OpenAsync(connection, request, message, cancellationToken).ConfigureAwait(false);
                var stream = Send(connection, message, cancellationToken);
                await stream.Headed.ConfigureAwait(false);
                // From here on the token is that of whoever reads.
                stream.ForgetCancellation();
                return ResponseMessage.Of(stream, request);
            }
            catch (Http2NotProcessedException) when (tries < MostTries && message.MayBeSentAgain)
            {
                // The server has not looked at it, so it is as if it had not been sent.
            }
            catch (Exception failure) when (MessageFailure.Of(failure) is { } told)
            {
                throw told;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            foreach (var pool in _pools.Values)
                pool.Dispose();
        }
        base.Dispose(disposing);
    }

    private static Http2ClientStream Send(Http2ClientConnection connection, RequestMessage message, CancellationToken cancellation)
    {
        var stream = connection.SendInPlace(RequestOf(message, connection), cancellation);
        if (message.OnPush is { } onPush)
            _ = TellAsync(stream, onPush);
        return stream;
    }

    // The content of the request is asked for its octets, which may fail.
    private static Http2ClientRequest RequestOf(RequestMessage message, Http2ClientConnection connection)
    {
        try
        {
            return message.ToRequest();
        }
        catch
        {
            connection.Role.Queue.LeavePlace();
            throw;
        }
    }

    private static async Task TellAsync(Http2ClientStream stream, Action<Http2ClientStream> onPush)
    {
        await foreach (var pushed in stream.Pushes.ConfigureAwait(false))
            onPush(pushed);
    }

    private OriginPool PoolOf(Origin origin, Uri address)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnectionsPerOrigin, 1);
        var fresh = new OriginPool(new Uri($"{origin.Scheme}://{address.Authority}"), _options, MaxConnectionsPerOrigin, ConnectionLifetime);
        return _pools.GetOrAdd(origin, fresh);
    }
}
