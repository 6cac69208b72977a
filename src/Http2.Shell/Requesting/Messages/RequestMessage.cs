using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>A request of HttpClient as one of this library.</summary>
internal sealed class RequestMessage
{
    private readonly HttpRequestMessage _message;
    private readonly ImmutableArray<HeaderField> _fields;
    private ContentBody? _body;

    private RequestMessage(HttpRequestMessage message, Origin origin, ImmutableArray<HeaderField> fields, Action<Http2ClientStream>? onPush) =>
        (_message, Origin, _fields, OnPush) = (message, origin, fields, onPush);

    /// <summary>Who is told of pushes, or null to refuse them.</summary>
    public Action<Http2ClientStream>? OnPush { get; }

    /// <summary>Where it goes.</summary>
    public Origin Origin { get; }

    /// <summary>Whether it opens a tunnel (RFC 8441).</summary>
    public bool IsTunnel => _message.Method == HttpMethod.Connect;

    /// <summary>Whether nothing of its content was read, or it can be read again.</summary>
    public bool MayBeSentAgain => _body is null or { MayBeReadAgain: true };

    /// <summary>A request.</summary>
    /// <exception cref="HttpRequestException">It cannot be sent over HTTP/2.</exception>
    public static RequestMessage Of(HttpRequestMessage message, FieldCache cache)
    {
        JudgeVersion(message);
        if (message.RequestUri is not { IsAbsoluteUri: true, Scheme: "http" or "https" or "ws" or "wss" } address)
            throw new HttpRequestException(HttpRequestError.Unknown, $"The address '{message.RequestUri}' does not begin with http:// or https://.");
        var (priority, onPush) = OptionsOf(message);
        var origin = Origins.Of(address);
        return new RequestMessage(message, origin, FieldsOf(message, address, origin, cache, priority), onPush);
    }

    /// <summary>The request to send, once more each time.</summary>
    public Http2ClientRequest ToRequest()
    {
        _body = _message.Content is null ? null : new ContentBody(_message.Content);
        return new Http2ClientRequest(_message.Method.Method, _message.RequestUri!.PathAndQuery, null, _body?.Body)
        {
            Prepared = _fields,
            HasExpectation = _body is not null && _message.Headers.ExpectContinue == true,
            TakesPushes = OnPush is not null,
        };
    }

    // RFC 8441 §4: with :protocol, and a body that is the tunnel.
    public Http2ClientRequest ToTunnel(ResponseBody body) =>
        new(_message.Method.Method, _message.RequestUri!.PathAndQuery, null, body) { Prepared = _fields };

    // Most requests have no options at all.
    private static (Http2Priority? Priority, Action<Http2ClientStream>? OnPush) OptionsOf(HttpRequestMessage message)
    {
        var options = message.Options;
        if (((IDictionary<string, object?>)options).Count == 0)
            return (null, null);
        return (options.TryGetValue(Http2MessageHandler.Priority, out var priority) ? priority : null,
            options.TryGetValue(Http2MessageHandler.Pushes, out var onPush) ? onPush : null);
    }

    private static void JudgeVersion(HttpRequestMessage message)
    {
        var (version, policy) = (message.Version, message.VersionPolicy);
        var isAllowed = version == HttpVersion.Version20
            || (policy == HttpVersionPolicy.RequestVersionOrHigher && version < HttpVersion.Version20)
            || (policy == HttpVersionPolicy.RequestVersionOrLower && version > HttpVersion.Version20);
        if (!isAllowed)
        {
            throw new HttpRequestException(
                HttpRequestError.VersionNegotiationError,
                $"{nameof(Http2MessageHandler)} speaks HTTP/2 alone, and the request asks for HTTP/{version} with {policy}; set Version to 2.0, or "
                + "DefaultRequestVersion of HttpClient.");
        }
    }

    private static ImmutableArray<HeaderField> FieldsOf(
        HttpRequestMessage message, Uri address, Origin origin, FieldCache cache, Http2Priority? priority)
    {
        var fields = ImmutableArray.CreateBuilder<HeaderField>(8);
        fields.Add(cache.Get(":method", message.Method.Method));
        var isPlainTunnel = message.Method == HttpMethod.Connect && message.Headers.Protocol is null;
        if (!isPlainTunnel)
            fields.Add(cache.Get(":scheme", origin.Scheme));
        fields.Add(cache.Get(":authority", message.Headers.Host ?? origin.Authority));
        if (!isPlainTunnel)
            fields.Add(cache.Get(":path", address.PathAndQuery));
        if (message.Headers.Protocol is { } protocol)
            fields.Add(cache.Get(":protocol", protocol));
        AddHeaders(fields, message.Headers.NonValidated, cache);
        if (message.Content is { } content)
        {
            // Asking for the length has the content compute it; then it is among the headers.
            _ = content.Headers.ContentLength;
            AddHeaders(fields, content.Headers.NonValidated, cache);
        }
        else if (message.Method == HttpMethod.Post || message.Method == HttpMethod.Put || message.Method == HttpMethod.Patch)
        {
            fields.Add(cache.Get("content-length", "0"));
        }
        if (priority?.ToString() is { Length: > 0 } value)
            fields.Add(cache.Get("priority", value));
        return fields.DrainToImmutable();
    }

    private static void AddHeaders(ImmutableArray<HeaderField>.Builder fields, HttpHeadersNonValidated headers, FieldCache cache)
    {
        foreach (var (name, values) in headers)
        {
            // RFC 9113 §8.2.2: what belongs to connections of HTTP/1.1 is left out; te may say trailers, and nothing else
            if (IsOfHttp1(name))
                continue;
            var value = values.Count == 1 ? values.ToString() : string.Join(SeparatorOf(name), values);
            if (name.Equals("te", StringComparison.OrdinalIgnoreCase) && !value.Equals("trailers", StringComparison.OrdinalIgnoreCase))
                continue;
            fields.Add(cache.Get(name, value));
        }
    }

    private static string SeparatorOf(string name) =>
        name.Equals("cookie", StringComparison.OrdinalIgnoreCase) ? "; "
        : name.Equals("user-agent", StringComparison.OrdinalIgnoreCase) ? " " : ", ";

    private static bool IsOfHttp1(string name) => name.Length switch
    {
        4 => name.Equals("host", StringComparison.OrdinalIgnoreCase),
        7 => name.Equals("upgrade", StringComparison.OrdinalIgnoreCase),
        9 => name.Equals(":protocol", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("connection", StringComparison.OrdinalIgnoreCase) || name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase),
        16 => name.Equals("proxy-connection", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}

/// <summary>Origins of addresses; that of the last address is kept, since most requests of a program go to the same one.</summary>
file static class Origins
{
    private static Entry? s_last;

    public static Origin Of(Uri address)
    {
        if (Volatile.Read(ref s_last) is { } last && last.Host == address.Host && last.Port == address.Port && last.Scheme == address.Scheme)
            return last.Origin;
        var fresh = new Entry(address.Scheme, address.Host, address.Port, Origin.Of(address));
        Volatile.Write(ref s_last, fresh);
        return fresh.Origin;
    }

    private sealed record Entry(string Scheme, string Host, int Port, Origin Origin);
}
