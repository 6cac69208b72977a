using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Pushes that may fail: the client can disable push, or reach a limit, between asking and doing.</summary>
internal static class ServerPush
{
    /// <summary>
    /// Pushes a response when the client allows it, and otherwise disposes of it. Ask <see cref="Http2Exchange.CanPush"/> before it is
    /// made.
    /// </summary>
    /// <param name="request">The request that the push belongs to.</param>
    /// <param name="path">The path of the promised request.</param>
    /// <param name="response">The pushed response.</param>
    /// <param name="id">The pushed stream.</param>
    /// <returns>Whether it was promised.</returns>
    public static bool TryPush(Http2Request request, string path, Http2Response response, out StreamId id) =>
        request.TryPush(path, response, out id);

    /// <summary>Why a push would not be carried out, in words.</summary>
    public static string Explain(Refusal why) => why switch
    {
        Refusal.PushDisabled => "the client disabled it (SETTINGS_ENABLE_PUSH = 0)",
        Refusal.PushLimitReached => "the client's limit of concurrent streams is reached",
        Refusal.GoingAway => "the connection is going away",
        _ => $"not possible now ({why})",
    };
}
