using Http2.Shell;

namespace Http2.Tool;

/// <summary>Something to serve: the demo or a directory. Thread-safe.</summary>
internal abstract class Site
{
    /// <summary>Answers a request.</summary>
    public abstract ValueTask<Http2Response> AnswerAsync(Http2Request request);

    /// <summary>
    /// The response to push for a path, or null when there is nothing at that path that can be pushed. Whoever asks sends it.
    /// </summary>
    public abstract Http2Response? Pushable(string target);

    /// <summary>Whether there is something at a path that can be pushed.</summary>
    public abstract bool CanBePushed(string target);
}
