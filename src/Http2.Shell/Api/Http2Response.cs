namespace Http2.Shell;

/// <summary>
/// The response that a delegate returns. Immutable apart from its body. A response whose body is made of fixed octets, or that has none, may be
/// used for any number of requests, also at the same time.
/// </summary>
public sealed record Http2Response
{
    /// <summary>An empty response with status 200.</summary>
    public Http2Response()
    {
    }

    /// <summary>A response.</summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">The header fields without <c>:status</c>, or null for none.</param>
    /// <param name="body">The body, or null for none.</param>
    public Http2Response(int status, Http2Headers? headers = null, ResponseBody? body = null)
    {
        Status = status;
        Headers = headers ?? Http2Headers.Empty;
        Body = body;
    }

    /// <summary>The status, 200 to 999. Default 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The header fields; <c>content-length</c> and <c>date</c> are added when they are not among them.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Http2Headers Headers { get; init => field = value ?? throw new ArgumentNullException(nameof(Headers)); } = Http2Headers.Empty;

    /// <summary>The body, or null for none.</summary>
    public ResponseBody? Body { get; init; }

    /// <summary>The trailer fields to send after the body (RFC 9110 §6.5), or null for none.</summary>
    public Http2Headers? Trailers { get; init; }

    /// <summary>
    /// Makes the trailer fields when the body has ended, for example of a sum over it; null as result sends none. When it is set,
    /// <see cref="Trailers"/> is ignored.
    /// </summary>
    public Func<Http2Headers?>? TrailersAfterBody { get; init; }

    internal bool HasTrailers => Trailers is { Count: > 0 } || TrailersAfterBody is not null;

    /// <summary>The trailers that are known before the body was read, or null.</summary>
    internal Http2Headers? TrailersBeforeBody => TrailersAfterBody is null && Trailers is { Count: > 0 } ? Trailers : null;

    /// <summary>
    /// The response with trailers that are there to be sent when all of its body is: they are computed now, by the calling thread, since
    /// the owner of a connection calls no user code in the midst of a command.
    /// </summary>
    internal Http2Response Settled() =>
        TrailersAfterBody is { } after && Body is null or FixedBody ? this with { Trailers = after(), TrailersAfterBody = null } : this;
}
