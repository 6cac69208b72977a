using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A request to be sent. Immutable apart from its body; one without a body, or with a body of fixed octets, may be sent any number of times, also at
/// the same time. Keep and reuse requests that are sent often: what the encoder needs to know of one is computed once.
/// </summary>
public sealed record Http2ClientRequest
{
    private PlanPlace _plan;

    /// <summary>A GET request for <c>/</c>.</summary>
    public Http2ClientRequest()
    {
    }

    /// <summary>A request.</summary>
    /// <param name="method">The method, for example <c>GET</c>.</param>
    /// <param name="target">The path with its query, for example <c>/index.html?page=2</c>.</param>
    /// <param name="headers">The header fields without pseudo-fields, or null for none.</param>
    /// <param name="body">The body, or null for none.</param>
    public Http2ClientRequest(string method, string target, Http2Headers? headers = null, ResponseBody? body = null)
    {
        (Method, Target) = (method, target);
        Headers = headers ?? Http2Headers.Empty;
        Body = body;
    }

    /// <summary>The method: the value of <c>:method</c>. Default <c>GET</c>.</summary>
    public string Method { get; init => field = Changed(value, nameof(Method)); } = "GET";

    /// <summary>The value of <c>:path</c>: the path with its query, or <c>*</c> for OPTIONS. Not sent with CONNECT. Default <c>/</c>.</summary>
    public string Target { get; init => field = Changed(value, nameof(Target)); } = "/";

    /// <summary>The value of <c>:scheme</c>, or null for that of the connection.</summary>
    public string? Scheme
    {
        get;
        init
        {
            field = value;
            _plan = default;
        }
    }

    /// <summary>The value of <c>:authority</c>, host and port, or null for that of the connection.</summary>
    public string? Authority
    {
        get;
        init
        {
            field = value;
            _plan = default;
        }
    }

    /// <summary>The value of <c>:protocol</c> of an extended CONNECT (RFC 8441 §4), or null for none.</summary>
    public string? Protocol
    {
        get;
        init
        {
            field = value;
            _plan = default;
        }
    }

    /// <summary>The header fields; <c>content-length</c> is added when the length of the body is known, and <c>priority</c> when there is one.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Http2Headers Headers { get; init => field = Changed(value, nameof(Headers)); } = Http2Headers.Empty;

    /// <summary>The body, or null for none.</summary>
    public ResponseBody? Body
    {
        get;
        init
        {
            field = value;
            _plan = default;
        }
    }

    /// <summary>The trailer fields to send after the body (RFC 9110 §6.5), or null for none.</summary>
    public Http2Headers? Trailers { get; init; }

    /// <summary>Makes the trailer fields when the body has ended; when it is set, <see cref="Trailers"/> is ignored.</summary>
    public Func<Http2Headers?>? TrailersAfterBody { get; init; }

    /// <summary>The priority of the response (RFC 9218), or null to send none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The urgency is not 0 to 7.</exception>
    public Http2Priority? Priority
    {
        get;
        init
        {
            value?.Judge();
            field = value;
            _plan = default;
        }
    }

    /// <summary>
    /// Whether responses that the server pushes for this request (RFC 9113 §8.4) are taken, when <c>Connection.EnablePush</c> of the options allows
    /// pushes at all; else they are refused. Default false.
    /// </summary>
    public bool TakesPushes { get; init; }

    /// <summary>All fields as they are sent, when somebody else has made them: for a handler under HttpClient. Else default.</summary>
    internal ImmutableArray<HeaderField> Prepared { get; init; }

    /// <summary>Whether the body waits for 100 (Continue).</summary>
    internal bool ExpectsContinue => HasExpectation || Headers.TryGet("expect", out var value) && value.Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <see cref="Prepared"/> fields have the expectation.</summary>
    internal bool HasExpectation { get; init; }

    /// <summary>Whether the request opens a tunnel (RFC 9113 §8.5).</summary>
    internal bool IsTunnel => Method == "CONNECT";

    /// <summary>
    /// The request as it is sent on a connection to an origin, computed once for each origin that it is sent to in a row, on however many connections;
    /// null when a field may not be sent. Not for one that has <see cref="Prepared"/> fields.
    /// </summary>
    internal PreparedRequest? For(Origin origin)
    {
        var plan = Volatile.Read(ref _plan.Plan);
        if (plan is null || !(ReferenceEquals(plan.Origin, origin) || plan.Origin == origin))
            Volatile.Write(ref _plan.Plan, plan = RequestPlan.Of(this, origin));
        return plan.Request;
    }

    /// <summary>The trailers that are known before the body was read, or null.</summary>
    internal Http2Headers? TrailersBeforeBody => TrailersAfterBody is null && Trailers is { Count: > 0 } ? Trailers : null;

    /// <summary>
    /// The request with trailers that are there to be sent when all of its body is: computed now, by the calling thread, since the owner of a
    /// connection calls no user code in the midst of a command.
    /// </summary>
    internal Http2ClientRequest Settled() =>
        TrailersAfterBody is { } after && Body is null or FixedBody ? this with { Trailers = after(), TrailersAfterBody = null } : this;

    private T Changed<T>(T value, string name)
        where T : class
    {
        _plan = default;
        return value ?? throw new ArgumentNullException(name);
    }

    /// <summary>What was computed of a request; two requests do not differ by it.</summary>
    private record struct PlanPlace
    {
        public RequestPlan? Plan;

        public readonly bool Equals(PlanPlace other) => true;

        public override readonly int GetHashCode() => 0;
    }
}
