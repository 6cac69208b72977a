using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A request and its response: what <see cref="Http2RequestHandler"/> (callbacks) and <see cref="Http2Request"/> (delegates) have in common.
/// One instance serves one stream. All members are safe on any thread.
/// </summary>
public abstract partial class Http2Exchange : Http2Stream
{
    // The event holds the head already: another copy would make every request as large again.
    private ConnectionEvent.RequestReceived? _request;
    private string? _host;
    private Http2Headers? _headers;
    // A string as long as nobody has asked for a query, else a RequestTarget: one place, because there is an exchange for every request.
    private object? _target;

    private protected Http2Exchange()
    {
    }

    /// <summary>The client's address, which is the connection's remote address; null when the transport has none.</summary>
    public EndPoint? ClientAddress => Connection.RemoteAddress;

    /// <summary>The certificate that the client showed in the TLS handshake, or null when it showed none.</summary>
    public X509Certificate2? ClientCertificate => Connection.ClientCertificate;

    /// <inheritdoc/>
    public sealed override StreamId StreamId => _request is { } request ? request.Id : ExtrasOrNone?.Promise?.Id ?? default;

    /// <summary>Whether the server opened this stream by a push (RFC 9113 §8.4).</summary>
    public bool IsPushed => StreamId.IsServerInitiated;

    /// <summary>The request's <c>:method</c>, for example <c>GET</c> (RFC 9113 §8.3.1).</summary>
    public string Method => _request is { } request ? WellKnownText.Method(request.Head.Method) : Extras.Promise!.Method;

    /// <summary>The request's <c>:scheme</c>, for example <c>https</c>; empty for CONNECT.</summary>
    public string Scheme => _request is { } request ? WellKnownText.Scheme(request.Head.Scheme) : Extras.Promise!.Scheme;

    /// <summary>
    /// The host that the request is for, with the port when the client named one, for example <c>example.org:8443</c>: the value of
    /// <c>:authority</c>, or of the <c>host</c> field when there is no <c>:authority</c>; empty when neither came.
    /// </summary>
    public string Host => _host ??= Encoding.UTF8.GetString(_request!.Head.Authority);

    /// <summary>
    /// The path that the request asks for, without its query: <see cref="Target"/> up to the first <c>?</c>. Percent escapes are left as they
    /// came. <c>*</c> for <c>OPTIONS *</c>; empty for CONNECT, but not for extended CONNECT (RFC 8441).
    /// </summary>
    public string Path => CutTarget() is { } cut ? cut.Path : Target;

    /// <summary>
    /// The query that the request asks for, from the first <c>?</c> on and with it, so that <see cref="Path"/> and it together are <see
    /// cref="Target"/>; empty when there is none. Percent escapes are left as they came.
    /// </summary>
    public string Query => CutTarget() is { } cut ? cut.Query : "";

    /// <summary>The request's <c>:path</c> as it came: path and query (RFC 9113 §8.3.1). Empty for CONNECT.</summary>
    public string Target => _target switch
    {
        null => (string)(_target = Serving.PathText(_request!.Head.Path)),
        string whole => whole,
        var cut => ((RequestTarget)cut).Whole,
    };

    /// <summary>The value of <c>:protocol</c> of an extended CONNECT (RFC 8441 §4); empty otherwise.</summary>
    public string Protocol => IsPushed ? "" : Encoding.UTF8.GetString(_request!.Head.Protocol);

    /// <summary>The request's header fields, without pseudo-fields (RFC 9113 §8.3).</summary>
    public Http2Headers Headers => _headers ??= new Http2Headers(_request!.Head.Fields, _request.Head.FirstRegular);

    /// <summary>
    /// Whether the request may have a body: its head did not end the stream (END_STREAM, RFC 9113 §8.1) and did not declare a length of 0. For
    /// CONNECT, whether the client may send into the tunnel. False for a pushed request. Does not change while the body comes.
    /// </summary>
    public bool HasBody => _request is { EndStream: false } request && request.Head.ContentLength != 0;

    /// <summary>
    /// The octets that the request's body has by its <c>content-length</c> field, 0 or more (RFC 9110 §8.6); null when it declares none. A body
    /// of another length ends the stream with PROTOCOL_ERROR (RFC 9113 §8.1.1).
    /// </summary>
    public long? ContentLength => DeclaredLength is >= 0 and var length ? length : null;

    /// <summary>The request's trailer fields (RFC 9110 §6.5); empty until the whole request was received, and when it has none.</summary>
    public Http2Headers Trailers => ExtrasOrNone?.Trailers ?? Http2Headers.Empty;

    /// <summary>
    /// How fast the client must send the body of this request while the handler waits for it and has not answered. Null sets no pace, for clients
    /// that speak when they have something to say (a stream of messages, a long poll with a body). It may be set at any time, on any thread, and
    /// holds from then on. At first it is the server's <see cref="Http2Limits.RequestBodyPace"/>. A client that is slower gets RST_STREAM with
    /// ENHANCE_YOUR_CALM.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 0, or the period is not more than zero and at most a day.</exception>
    public PaceLimit? BodyPace
    {
        get => IncomingPace;
        set
        {
            var own = PaceChoice.Of(value);
            Volatile.Write(ref Extras.BodyPace, own);
            Engine.Commands.ChangePace(this);
        }
    }

    /// <summary>
    /// How many octets the request's body may have, 0 or more, or null for no limit. At first it is the server's
    /// <see cref="Http2ServerOptions.MaxRequestBodySize"/>. It may be set until the body is first read; by a handler class, in OnHeaders. When a
    /// body is larger, or declares a larger length, a delegate's reading fails with <see cref="Http2RequestTooLargeException"/>, and a handler
    /// class gets no further callback but OnClose. The client gets 413 (RFC 9110 §15.5.14) when nothing was answered yet; otherwise the stream is
    /// reset.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0.</exception>
    /// <exception cref="InvalidOperationException">The body was read before.</exception>
    public long? MaxRequestBodySize
    {
        get => BodyLimit is { } limit ? limit.Most : Serving.DefaultBodyLimit(this);
        set
        {
            if (value is { } most)
                ArgumentOutOfRangeException.ThrowIfNegative(most);
            if (IsBodyBegun)
                throw new InvalidOperationException("MaxRequestBodySize is set before the body is first read, in OnHeaders at the latest.");
            LimitBody(value);
        }
    }

    /// <summary>Whether a push on this stream would be carried out now; <see cref="WhyNoPush"/> says why not.</summary>
    public bool CanPush => WhyNoPush == Refusal.None;

    /// <summary>
    /// Why a push on this stream would be refused now (RFC 9113 §8.4), or <see cref="Refusal.None"/> when it would be carried out.
    /// </summary>
    public Refusal WhyNoPush => Serving.Pushes.WhyNoPush(this);

    /// <summary>Sends an informational response, 100 to 199 but 101, before the final one (RFC 9110 §15.2).</summary>
    /// <param name="status">The status: 100, or 102 to 199.</param>
    /// <param name="headers">The header fields of the informational response, or null for none.</param>
    /// <remarks>Without effect when the stream is closed; <see cref="TrySendInformational"/> tells whether it was.</remarks>
    /// <exception cref="Http2MisuseException">The final response was sent before, or the status is not an informational one.</exception>
    public void SendInformational(int status, Http2Headers? headers = null) => TrySendInformational(status, headers);

    /// <summary>
    /// Sends an informational response before the final one, as <see cref="SendInformational"/> does, and tells whether it was sent.
    /// </summary>
    /// <param name="status">The status: 100, or 102 to 199.</param>
    /// <param name="headers">The header fields of the informational response, or null for none.</param>
    /// <returns>
    /// False when the stream is closed. On a thread that is not the connection's own, true means that the stream was not closed yet when this
    /// was called.
    /// </returns>
    /// <exception cref="Http2MisuseException">The final response was sent before, or the status is not an informational one.</exception>
    public bool TrySendInformational(int status, Http2Headers? headers = null) =>
        Serving.Answers.SendInformational(this, status, headers ?? Http2Headers.Empty);

    /// <summary>The stream and what it was opened for, for example <c>stream 1: GET /index.html?page=2</c>.</summary>
    public override string ToString() =>
        IsAttached ? $"stream {StreamId}: {Method} {(Target.Length > 0 ? Target : Host)}" : $"{GetType().Name} without a stream";

    internal sealed override long DeclaredLength => _request is { } request ? request.Head.ContentLength : -1;

    internal void Attach(Http2Connection engine, ConnectionEvent.RequestReceived request)
    {
        AttachTo(engine);
        _request = request;
    }

    internal void AttachPushed(StreamId id, Http2Exchange parent, string path, string method, Http2Headers headers)
    {
        AttachTo(parent.Engine);
        Extras.Promise = new PromisedHead(id, method, parent.Scheme);
        (_host, _target, _headers) = (parent.Host, path, headers);
    }

    // Racing threads make equal ones; whichever is kept is right.
    private RequestTarget? CutTarget()
    {
        if (_target is RequestTarget there)
            return there;
        var whole = Target;
        if (!whole.Contains('?'))
            return null;
        var cut = new RequestTarget(whole);
        _target = cut;
        return cut;
    }
}
