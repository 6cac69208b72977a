namespace Http2.Shell;

/// <summary>A request target with a query, cut into its parts when they are asked for. Thread-safe.</summary>
/// <param name="whole">The value of <c>:path</c>; there is a <c>?</c> in it.</param>
internal sealed class RequestTarget(string whole)
{
    private string? _path, _query;

    /// <summary>Path and query as they came.</summary>
    public string Whole => whole;

    /// <summary>What comes before the first <c>?</c>.</summary>
    public string Path => _path ??= whole[..whole.IndexOf('?')];

    /// <summary>The first <c>?</c> and all that follows.</summary>
    public string Query => _query ??= whole[whole.IndexOf('?')..];
}
