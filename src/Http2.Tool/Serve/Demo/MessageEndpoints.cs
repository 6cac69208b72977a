using System.Security.Cryptography;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Addresses that are about the parts of a message: status, fields, trailers, informational responses.</summary>
internal static class MessageEndpoints
{
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] TrailersBody = "The trailers behind this body tell its length and its SHA-256.\n"u8.ToArray();

    private static readonly Http2Headers TrailersPageFields =
    [
        ("content-type", "text/plain; charset=utf-8"), ("trailer", "x-length, x-sha256"),
    ];

    private static readonly Http2Headers TrailerFields =
    [
        ("x-length", TrailersBody.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("x-sha256", Convert.ToHexStringLower(SHA256.HashData(TrailersBody))),
    ];

    /// <summary><c>/status/N</c>: any final status; redirects lead to the front page.</summary>
    public static Http2Response Status(Http2Request request, string text)
    {
        if (Endpoint.ParseNumber(request, text, "A final status", 200, 599, out var number) is { } refusal)
            return refusal;
        var status = (int)number;
        if (status is 204 or 205 or 304)
            return new Http2Response(status);
        var answer = Answers.Text($"{status} {Answers.Reason(status)}\n", status);
        return status is 301 or 302 or 303 or 307 or 308 ? answer with { Headers = answer.Headers.Add("location", "/") } : answer;
    }

    /// <summary><c>/headers</c>: the request as JSON, fields in the order they came.</summary>
    public static Http2Response Headers(Http2Request request) => BodyEndpoints.Json(json =>
    {
        json.WriteString("method", request.Method);
        json.WriteString("scheme", request.Scheme);
        json.WriteString("authority", request.Host);
        json.WriteString("path", request.Target);
        json.WriteNumber("stream", request.StreamId.Value);
        json.WriteNumber("connection", request.Connection.Id);
        json.WriteString("client", request.ClientAddress?.ToString());
        json.WriteString("tls", TlsVersion.NameOf(request.Connection));
        json.WriteStartArray("headers");
        var hasCookie = false;
        foreach (var field in request.Headers)
        {
            // The JSON is not HTTP/2, so the parts of a cookie are joined to one field, as RFC 9113 §8.2.3 asks for.
            var isCookie = field.Name == "cookie";
            if (isCookie && hasCookie)
                continue;
            hasCookie |= isCookie;
            json.WriteStartObject();
            json.WriteString("name", field.Name.ToString());
            json.WriteString("value", isCookie ? request.Headers["cookie"] : field.Value.ToString());
            if (field.NeverIndexed)
                json.WriteBoolean("neverIndexed", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>
    /// <c>/trailers</c>: fields behind the body (RFC 9110 §6.5). No length is sent, because curl reads no trailers once it has as many
    /// octets as declared.
    /// </summary>
    public static Http2Response Trailers()
    {
        var left = TrailersBody.AsMemory();
        var body = ResponseBody.Generate(buffer =>
        {
            var part = left[..Math.Min(left.Length, buffer.Length)];
            part.CopyTo(buffer);
            left = left[part.Length..];
            return left.IsEmpty ? BodyRead.Last(part.Length) : BodyRead.Data(part.Length);
        });
        return new Http2Response(200, TrailersPageFields, body) { Trailers = TrailerFields };
    }

    /// <summary><c>/early-hints</c>: sends 103 (Early Hints, RFC 8297) at once, and the page after a moment.</summary>
    public static async ValueTask<Http2Response> EarlyHintsAsync(Http2Request request, CancellationToken cancellation)
    {
        request.SendInformational(103, [("link", "</style.css>; rel=preload; as=style")]);
        await Task.Delay(Thinking, cancellation);
        return DemoPage.Small(
            "103 came first",
            "While the server was still thinking about this page it sent <code>103 Early Hints</code> with a link to the style sheet, "
            + "so that the browser could fetch it meanwhile. "
            + "<code>curl -v</code> and <code>nghttp -v</code> show it. <a href=\"/\">Back</a>");
    }
}
