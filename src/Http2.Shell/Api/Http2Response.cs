namespace Http2.Shell;

/// <summary>
/// The response of the delegate face. Immutable apart from its body; responses with fixed bodies may be reused for any number of requests.
/// </summary>
public sealed record Http2Response
{
    /// <summary>An empty response with status 200.</summary>
    public Http2Response()
    {
    }

    /// <summary>A response.</summary>
    /// <param name="status">200 to 999.</param>
    /// <param name="headers">Fields, or null for none.</param>
    /// <param name="body">The body, or null for none.</param>
    public Http2Response(int status, Http2Headers? headers = null, ResponseBody? body = null)
    {
        Status = status;
        Headers = headers ?? Http2Headers.Empty;
        Body = body;
    }

    /// <summary>The status, 200 to 999. Default 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The fields; <c>content-length</c> and <c>date</c> are added when they are not among them.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public Http2Headers Headers { get; init => field = value ?? throw new ArgumentNullException(nameof(Headers)); } = Http2Headers.Empty;

    /// <summary>The body, or null for none.</summary>
    public ResponseBody? Body { get; init; }

    /// <summary>Trailers to send behind the body, or null for none.</summary>
    public Http2Headers? Trailers { get; init; }

    /// <summary>Computes the trailers once the body has ended; goes before <see cref="Trailers"/>.</summary>
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
