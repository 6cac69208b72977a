using System.Collections.Immutable;

namespace Http2.Tool;

/// <summary>What <c>--push PATH=URL[,URL]</c> asks for: when PATH is requested, the URLs are pushed with it. Immutable.</summary>
internal sealed class PushRules
{
    private readonly ImmutableDictionary<string, ImmutableArray<string>> _rules;

    private PushRules(ImmutableDictionary<string, ImmutableArray<string>> rules) => _rules = rules;

    /// <summary>No rules.</summary>
    public static PushRules None { get; } = new(ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    /// <summary>Whether there are no rules.</summary>
    public bool IsEmpty => _rules.IsEmpty;

    /// <summary>Everything that some rule pushes.</summary>
    public IEnumerable<string> Resources => _rules.Values.SelectMany(urls => urls).Distinct();

    /// <summary>The paths to push with a request for <paramref name="target"/>, in order; its query does not matter.</summary>
    public ImmutableArray<string> For(string target)
    {
        var query = target.IndexOf('?');
        return _rules.GetValueOrDefault(query < 0 ? target : target[..query], []);
    }

    /// <summary>Reads the values of the option; rules for the same path add up.</summary>
    /// <exception cref="UserErrorException">A value is malformed.</exception>
    public static PushRules Parse(IEnumerable<string> values)
    {
        var rules = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var equals = value.IndexOf('=');
            if (equals < 0)
                throw Malformed(value, "there is no '='");
            var path = value[..equals];
            var urls = value[(equals + 1)..].Split(',');
            if (!IsPath(path))
                throw Malformed(value, $"the path '{path}' does not begin with '/'");
            if (Array.Find(urls, url => !IsPath(url)) is { } bad)
                throw Malformed(value, $"the URL '{bad}' does not begin with '/' (only paths of this server can be pushed)");
            if (Array.Exists(urls, url => url == path))
                throw Malformed(value, $"'{path}' would push itself");
            rules[path] = rules.GetValueOrDefault(path, []).AddRange(urls);
        }
        return rules.Count == 0 ? None : new PushRules(rules.ToImmutable());
    }

    // What a :path may hold (RFC 9113 §8.3.1): visible ASCII from a slash on.
    private static bool IsPath(string text) => text.StartsWith('/') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static UserErrorException Malformed(string value, string why) =>
        UserErrorException.Usage($"option --push: '{value}' is not PATH=URL[,URL]: {why}; write for example --push /=/style.css,/app.js");
}
