using System.Collections.Immutable;
using System.Globalization;
using System.Net.Security;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>Reads the words of a command line of <c>http2 spec</c>; a wrong one ends the command with one line that names it.</summary>
internal static class SpecWords
{
    /// <summary>The server, when one is named, and the selectors among the arguments.</summary>
    public static (string? Host, int? Port, ImmutableArray<string> Selectors) Split(IReadOnlyList<string> words)
    {
        string? host = null;
        int? port = null;
        var selectors = ImmutableArray.CreateBuilder<string>();
        foreach (var word in words)
        {
            if (host is null && TryTarget(word, out var name, out var number))
                (host, port) = (name, number);
            else
                selectors.Add(word);
        }
        return (host, port, selectors.ToImmutable());
    }

    /// <summary>The commands of a client, or null when none is to be judged.</summary>
    public static ClientCommands? ClientOf(string? get, string? upload, string? several)
    {
        if (get is not null)
            return new ClientCommands(get) { Upload = upload, Several = several };
        return upload is null && several is null
            ? null
            : throw UserErrorException.Usage("--client-upload and --client-several go with --client, which says how the client is started for one request");
    }

    /// <summary>Every selector, from the command line or a file, matches a case.</summary>
    public static void CheckSelectors(SpecSuite suite, IEnumerable<string> selectors, string where)
    {
        foreach (var selector in selectors)
        {
            if (suite.Has(selector))
                continue;
            var other = suite == SpecSuite.Servers ? "clients: name one with --client" : "servers: leave --client out";
            throw UserErrorException.Usage(SpecSuite.Servers.Has(selector) || SpecSuite.Clients.Has(selector)
                ? $"{where}: '{selector}' judges {other}"
                : $"{where}: no case matches '{selector}'; see `http2 spec --list`");
        }
    }

    public static ImmutableArray<string> Ciphers(string? names)
    {
        if (string.IsNullOrEmpty(names))
            return [];
        var suites = names.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var suite in suites)
        {
            if (!Enum.TryParse<TlsCipherSuite>(suite, out _))
                throw UserErrorException.Usage($"--ciphers: '{suite}' is no cipher suite's IANA name, such as TLS_AES_128_GCM_SHA256");
        }
        return [.. suites];
    }

    public static TimeSpan Seconds(double seconds) => seconds is > 0 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw UserErrorException.Usage("--timeout is a number of seconds above 0 and up to 3600");

    public static Edition EditionOf(string? name) => name?.ToLowerInvariant() switch
    {
        null => Edition.Both,
        "rfc7540" or "7540" => Edition.Rfc7540,
        "rfc9113" or "9113" => Edition.Rfc9113,
        _ => throw UserErrorException.Usage($"--spec is rfc7540 or rfc9113, not '{name}'"),
    };

    public static TargetResources ResourcesOf(string? profile, IEnumerable<string> pairs)
    {
        var resources = profile switch
        {
            null => new TargetResources(),
            "demo" => TargetResources.Demo,
            _ => throw UserErrorException.Usage($"--profile knows only demo, not '{profile}'"),
        };
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at + 1 >= pair.Length || pair[at + 1] != '/')
                throw UserErrorException.Usage($"--resource is NAME=PATH with a path that begins with /, not '{pair}'");
            resources = With(resources, pair[..at], pair[(at + 1)..]);
        }
        return resources;
    }

    /// <summary>The cases that a file of expected failures lists.</summary>
    public static ImmutableArray<string> ReadExpectedFailures(SpecSuite suite, string? file)
    {
        if (file is null)
            return [];
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw UserErrorException.Usage($"--expect-failures: {exception.Message}");
        }
        var selectors = lines.Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToImmutableArray();
        CheckSelectors(suite, selectors, file);
        return selectors;
    }

    private static TargetResources With(TargetResources resources, string name, string path) => name switch
    {
        "large" => resources with { Large = path },
        "echo" => resources with { Echo = path },
        "upload" => resources with { Upload = path },
        "slow" => resources with { Slow = path },
        "push" => resources with { Push = path },
        "trailers" => resources with { Trailers = path },
        "informational" => resources with { Informational = path },
        "nocontent" => resources with { NoContent = path },
        "notmodified" => resources with { NotModified = path },
        "headers" => resources with { Headers = path },
        "load" => resources with { Load = path },
        _ => throw UserErrorException.Usage($"--resource: there is no resource '{name}'"),
    };

    private static bool TryTarget(string word, out string host, out int port)
    {
        host = "";
        port = 0;
        var colon = word.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65535)
            return false;
        host = word[..colon].Trim('[', ']');
        return !host.Contains('/', StringComparison.Ordinal);
    }
}
