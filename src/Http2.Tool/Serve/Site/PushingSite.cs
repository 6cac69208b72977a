using Http2.Shell;

namespace Http2.Tool;

/// <summary>A site that pushes other resources with its responses, as <c>--push</c> asks for.</summary>
internal sealed class PushingSite(Site inner, PushRules rules) : Site
{
    /// <inheritdoc/>
    public override async ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        var response = await inner.AnswerAsync(request);
        // Nothing is pushed with 304, because the client has the resources too, and nothing with an error page, because it needs none.
        if (response.Status == 200 && request.Method == "GET")
        {
            foreach (var path in rules.For(request.Path))
            {
                if (!TryPush(request, path))
                    break;
            }
        }
        return response;
    }

    /// <inheritdoc/>
    public override Http2Response? Pushable(string target) => inner.Pushable(target);

    /// <inheritdoc/>
    public override bool CanBePushed(string target) => inner.CanBePushed(target);

    private bool TryPush(Http2Request request, string path)
    {
        if (!request.CanPush)
            return false;
        return inner.Pushable(path) is not { } response || ServerPush.TryPush(request, path, response, out _);
    }
}
