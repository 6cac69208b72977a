using System.Net;
using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>A response as one of HttpClient.</summary>
internal static class ResponseMessage
{
    public static HttpResponseMessage Of(Http2ClientStream stream, HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)stream.Status) { Version = HttpVersion.Version20, RequestMessage = request };
        var content = new ResponseContent(stream, response);
        response.Content = content;
        stream.AddHeadersTo(response, content);
        return response;
    }

    public static void AddTrailers(Http2ClientStream stream, HttpResponseMessage response)
    {
        foreach (var field in stream.Trailers)
            response.TrailingHeaders.TryAddWithoutValidation(field.Name.ToString(), field.Value.ToString());
    }

    /// <summary>Whether a field belongs to the content (RFC 9110 §8), as HttpClient sorts them.</summary>
    public static bool IsOfContent(string name) => name switch
    {
        "allow" or "expires" or "last-modified" => true,
        _ => name.StartsWith("content-", StringComparison.Ordinal) && name is not ("content-security-policy" or "content-dpr"),
    };
}
