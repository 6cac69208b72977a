namespace Http2.TestSupport;

/// <summary>
/// Finds the published test vectors: in the directory that the environment variable <c>HTTP2SPEC_DATA</c> names, else in
/// <c>../shared/data</c> beside the repository root.
/// </summary>
public static class Vectors
{
    /// <summary>The environment variable that names the directory.</summary>
    public const string Variable = "HTTP2SPEC_DATA";

    /// <summary>The directory with the vectors, or null when there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>Why a test over vectors is skipped.</summary>
    public static string Absent =>
        $"the test vectors are absent: neither does {Variable} name a directory nor is there ../shared/data beside the repository";

    /// <summary>The directory <paramref name="path"/> under <see cref="Root"/>, or null when it is absent.</summary>
    /// <param name="path">Such as <c>hpack-test-case/nghttp2</c>.</param>
    public static string? Find(string path) =>
        Root is not null && Path.Combine(Root, path) is var full && (Directory.Exists(full) || File.Exists(full)) ? full : null;

    /// <summary>The files that match under <paramref name="path"/>, by name; empty when the vectors are absent.</summary>
    /// <param name="path">A directory, such as <c>hpack-test-case/nghttp2</c>.</param>
    /// <param name="pattern">Such as <c>*.json</c>.</param>
    public static IReadOnlyList<string> Files(string path, string pattern = "*.json") =>
        Find(path) is { } directory ? [.. Directory.GetFiles(directory, pattern).Order(StringComparer.Ordinal)] : [];

    /// <summary>Why a test that needs <paramref name="path"/> is skipped, or null when it can run.</summary>
    /// <param name="path">A file or directory under the root, or null for the root alone.</param>
    public static string? SkipReason(string? path) =>
        Root is null ? Absent : path is not null && Find(path) is null ? $"the test vectors have no {path} in {Root}" : null;

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at?.Parent is { } parent; at = parent)
        {
            var data = Path.Combine(parent.FullName, "shared", "data");
            if (Directory.Exists(data))
                return data;
        }
        return null;
    }
}
