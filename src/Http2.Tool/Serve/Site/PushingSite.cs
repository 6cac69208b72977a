using Http2.Shell;

namespace Http2.Tool;

/// <summary>A site whose responses bring others along, as <c>--push</c> asks for.</summary>
internal sealed class PushingSite(Site inner, PushRules rules) : Site
{
    /// <inheritdoc/>
    public override async ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        var response = await inner.AnswerAsync(request);
        // A client that is told "not modified" has the rest as well, and an error page needs none of it.
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
