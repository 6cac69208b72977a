using System.Globalization;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Whether an address goes on behind its name, as in <c>/bytes/N</c>.</summary>
internal enum Rest
{
    None,
    Optional,
    Required,
}

/// <summary>One address of the demo.</summary>
/// <param name="Allow">The methods, as the <c>allow</c> field lists them; empty for any.</param>
/// <param name="Rest">Whether the address goes on behind its name.</param>
/// <param name="Answer">Answers a request; it is given what follows the name in the address, or null.</param>
/// <param name="Waits">Whether answering may take long, so that it is given the token that is cancelled when the client has gone.</param>
internal sealed record Endpoint(
    string Allow, Rest Rest, Func<Http2Request, string?, CancellationToken, ValueTask<Http2Response>> Answer, bool Waits = false)
{
    /// <summary>The methods of most addresses.</summary>
    public const string Read = "GET, HEAD, OPTIONS";

    /// <summary>The methods of addresses that take a body.</summary>
    public const string Write = "POST, PUT, OPTIONS";

    /// <summary>The methods of the server as a whole.</summary>
    public const string All = "GET, HEAD, POST, PUT, OPTIONS";

    /// <summary>Whether a method may be used.</summary>
    public bool Allows(string method) => Allow switch
    {
        "" => true,
        Read => method is "GET" or "HEAD",
        Write => method is "POST" or "PUT",
        _ => throw new InvalidOperationException($"no such list of methods: {Allow}"),
    };

    /// <summary>Whether what follows the name is as it should be.</summary>
    public bool Fits(string? rest) => Rest switch
    {
        Rest.None => rest is null,
        Rest.Required => !string.IsNullOrEmpty(rest),
        _ => rest is not "",
    };

    /// <summary>Reads a number from an address.</summary>
    /// <returns>Null when it is a number in range; else the response that says so.</returns>
    public static Http2Response? ParseNumber(Http2Request request, string text, string what, long min, long max, out long value)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max)
            return null;
        return Answers.Notice(
            request, 400, $"{what} must be a whole number from {min} to {max}, not '{Answers.Escape(text)}'.");
    }
}
