using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A request that a client sends and its response: what <see cref="Http2ClientStream"/> (tasks) and <see cref="Http2ResponseHandler"/> (callbacks) have
/// in common. One instance serves one stream. All members are safe on any thread.
/// </summary>
public abstract partial class Http2ClientExchange : Http2Stream
{
    private Http2ClientRequest? _request;
    private Http2Headers? _headers;

    // The event holds the head already: another copy would make every response as large again.
    private ConnectionEvent.ResponseReceived? _response;

    private protected Http2ClientExchange()
    {
    }

    /// <inheritdoc/>
    /// <remarks>0 (<see cref="StreamId.Connection"/>) as long as the request waits for a place.</remarks>
    public sealed override StreamId StreamId => new((uint)Volatile.Read(ref _id));

    /// <summary>The request that was sent; of a pushed response, the one that the server promised (RFC 9113 §8.4).</summary>
    /// <exception cref="InvalidOperationException">The exchange was not sent yet.</exception>
    public Http2ClientRequest Request => _request ?? throw new InvalidOperationException("The exchange has no request yet: give it to Send first.");

    /// <summary>Whether the server opened this stream by a push (RFC 9113 §8.4).</summary>
    public bool IsPushed => StreamId.IsServerInitiated;

    /// <summary>The status of the final response, 200 to 999; 0 as long as its head has not come.</summary>
    public int Status => Volatile.Read(ref _response)?.Head.Status ?? 0;

    /// <summary>The header fields of the final response, without pseudo-fields; empty as long as its head has not come.</summary>
    public Http2Headers Headers => Volatile.Read(ref _response) is { } response
        ? _headers ??= new Http2Headers(response.Head.Fields, 1)
        : Http2Headers.Empty;

    /// <summary>
    /// The octets that the response's body has by its <c>content-length</c> field (RFC 9110 §8.6); null when it declares none, or has not come.
    /// </summary>
    public long? ContentLength => DeclaredLength is >= 0 and var length ? length : null;

    /// <summary>The response's trailer fields (RFC 9110 §6.5); empty until the whole response was received, and when it has none.</summary>
    public Http2Headers Trailers => ExtrasOrNone?.Trailers ?? Http2Headers.Empty;

    /// <summary>
    /// Tells the server another priority of the response (PRIORITY_UPDATE, RFC 9218 §7.1). Without effect when the stream is closed or not open yet.
    /// </summary>
    /// <param name="priority">The priority from here on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The urgency is not 0 to 7.</exception>
    public void Reprioritize(Http2Priority priority)
    {
        priority.Judge();
        Requesting.Commands.Reprioritize(this, priority);
    }

    /// <summary>The stream and what it was opened for, for example <c>stream 1: GET /index.html?page=2</c>.</summary>
    public override string ToString() => _request is { } request ? $"stream {StreamId}: {request.Method} {request.Target}" : $"{GetType().Name} without a stream";

    /// <summary>The final response's head as a value.</summary>
    internal Http2ResponseHead Head => HeadOf(Volatile.Read(ref _response)!.Head, Headers);

    /// <summary>All fields of the final response's head, <c>:status</c> first, once that has come.</summary>
    internal FieldList HeadFields => Volatile.Read(ref _response)!.Head.Fields;

    internal sealed override long DeclaredLength => Volatile.Read(ref _response)?.Head.ContentLength ?? -1;

    /// <summary>Adds the header fields to a response of HttpClient.</summary>
    internal void AddHeadersTo(HttpResponseMessage response, HttpContent content)
    {
        var fields = HeadFields;
        for (var i = 1; i < fields.Count; i++)
        {
            var field = fields[i];
            var name = FieldText.Name(field.Name, field.Token);
            var value = FieldText.Value(field.Value, field.Token);
            if (ResponseMessage.IsOfContent(name))
                content.Headers.TryAddWithoutValidation(name, value);
            else
                response.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Whether the head of the final response has come.</summary>
    internal bool HasResponse => Volatile.Read(ref _response) is not null;

    internal static Http2ResponseHead HeadOf(in ResponseHead head, Http2Headers? headers = null) =>
        new(head.Status, headers ?? new Http2Headers(head.Fields, 1)) { ContentLength = head.ContentLength >= 0 ? head.ContentLength : null };

    /// <summary>The request that a server promises, as a value.</summary>
    internal static Http2ClientRequest RequestOf(in RequestHead head) => new(
        Encoding.UTF8.GetString(head.Method), Encoding.UTF8.GetString(head.Path), new Http2Headers(head.Fields, head.FirstRegular))
    {
        Scheme = Encoding.UTF8.GetString(head.Scheme),
        Authority = Encoding.UTF8.GetString(head.Authority),
    };
}
