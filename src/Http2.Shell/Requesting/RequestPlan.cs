using System.Collections.Immutable;
using System.Globalization;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Which scheme and host the requests of a connection are for unless they say otherwise. Immutable.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Authority">Host and port, as <c>:authority</c> has them.</param>
internal sealed record Origin(string Scheme, string Authority)
{
    /// <summary>The origin of an address.</summary>
    public static Origin Of(Uri address) => new(SchemeOf(address), address.IsDefaultPort ? address.IdnHostForAuthority() : address.IdnHostForAuthority() + ":"
        + address.Port.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => $"{Scheme}://{Authority}";

    // Those of WebSockets stand for these (RFC 8441 §5).
    private static string SchemeOf(Uri address) => address.Scheme switch
    {
        "ws" => "http",
        "wss" => "https",
        var scheme => scheme,
    };
}

/// <summary>The fields of a request as they are sent, pseudo-fields first (RFC 9113 §8.3.1).</summary>
/// <param name="Origin">What connection they are for.</param>
/// <param name="Request">The fields as they were judged; null when they may not be sent.</param>
internal sealed record RequestPlan(Origin Origin, PreparedRequest? Request)
{
    public static RequestPlan Of(Http2ClientRequest request, Origin origin)
    {
        var fields = ImmutableArray.CreateBuilder<HeaderField>(request.Headers.Count + 7);
        fields.Add(new(":method", request.Method));
        // §8.5: CONNECT has neither scheme nor path; RFC 8441 §4: extended CONNECT has both
        var isPlainTunnel = request is { IsTunnel: true, Protocol: null };
        if (!isPlainTunnel)
            fields.Add(new(":scheme", request.Scheme ?? origin.Scheme));
        fields.Add(new(":authority", request.Authority ?? origin.Authority));
        if (!isPlainTunnel)
            fields.Add(new(":path", request.Target));
        if (request.Protocol is { } protocol)
            fields.Add(new(":protocol", protocol));
        fields.AddRange(request.Headers.Fields);
        if (LengthOf(request) is { } length && !request.Headers.Contains("content-length"))
            fields.Add(new("content-length", length.ToString(CultureInfo.InvariantCulture)));
        if (request.Priority is { } priority && priority.ToString() is { Length: > 0 } value && !request.Headers.Contains("priority"))
            fields.Add(new("priority", value));
        PreparedRequest.TryPrepare(fields.DrainToImmutable(), out var prepared);
        return new(origin, prepared);
    }

    // RFC 9110 §8.6: a request whose method has a body by its meaning says so when it has none.
    private static long? LengthOf(Http2ClientRequest request) => request switch
    {
        { IsTunnel: true } => null,
        { Body: { Length: >= 0 } body } => body.Length,
        { Body: null, Method: "POST" or "PUT" or "PATCH" } => 0,
        _ => null,
    };
}

file static class Hosts
{
    public static string IdnHostForAuthority(this Uri address) =>
        address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost.Trim('[', ']')}]" : address.IdnHost;
}
