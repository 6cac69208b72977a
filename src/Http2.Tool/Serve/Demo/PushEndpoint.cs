using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary><c>/push</c>: a page that has what it links to pushed ahead of it (RFC 9113 §8.4).</summary>
internal static class PushEndpoint
{
    private static readonly Http2Headers TextFields = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "max-age=60")];

    private static readonly Http2Response[] Resources =
    [
        new(200, TextFields, "The first of three pushed resources.\n"),
        new(200, TextFields, "The second of three pushed resources.\n"),
        new(200, TextFields, "The third of three pushed resources.\n"),
    ];

    /// <summary>The page, or one of the resources that it pushes.</summary>
    public static Http2Response Answer(Http2Request request, string? rest)
    {
        if (rest is not null)
            return Resource("/push/" + rest) ?? Answers.Notice(request, 404, "Only /push/1, /push/2 and /push/3 are pushed.");
        var why = request.WhyNoPush;
        var streams = new List<StreamId>();
        for (var i = 0; i < Resources.Length; i++)
        {
            if (request.CanPush && ServerPush.TryPush(request, $"/push/{i + 1}", Resources[i], out var id))
                streams.Add(id);
        }
        var text = streams.Count > 0
            ? $"{streams.Count} of {Resources.Length} resources were pushed ahead of this page, on streams {string.Join(", ", streams)}."
            : $"Nothing was pushed: {ServerPush.Explain(why)}. <code>nghttp -nv</code> takes pushes.";
        var links = string.Join(", ", Resources.Select((_, i) => $"<a href=\"/push/{i + 1}\">/push/{i + 1}</a>"));
        return DemoPage.Small("Server push", $"{text} The resources: {links}. <a href=\"/\">Back</a>");
    }

    /// <summary>A resource by its path, or null.</summary>
    public static Http2Response? Resource(string path) => path switch
    {
        "/push/1" => Resources[0],
        "/push/2" => Resources[1],
        "/push/3" => Resources[2],
        _ => null,
    };
}
