namespace Http2.Tool;

/// <summary>A story to be read: a file, or standard input.</summary>
/// <param name="Name">What faults and tables call it.</param>
/// <param name="RelativePath">Where it goes below an output folder.</param>
/// <param name="Open">Opens it.</param>
internal sealed record StorySource(string Name, string RelativePath, Func<Stream> Open)
{
    /// <summary>The stories that the paths stand for: files as given, those of a folder and its folders by name.</summary>
    /// <param name="paths">Files, folders and <c>-</c>; none at all is <c>-</c> too.</param>
    /// <param name="pattern">Which files of a folder are stories.</param>
    /// <param name="openInput">Opens standard input.</param>
    /// <exception cref="UserErrorException">A path is absent, or a folder has no story.</exception>
    public static IReadOnlyList<StorySource> Expand(IReadOnlyList<string> paths, string pattern, Func<Stream> openInput) =>
        [.. (paths.Count == 0 ? ["-"] : paths).SelectMany(path => ExpandOne(path, pattern, openInput))];

    private static IEnumerable<StorySource> ExpandOne(string path, string pattern, Func<Stream> openInput)
    {
        if (path == "-")
            return [new StorySource("standard input", "stdin.json", openInput)];
        if (File.Exists(path))
            return [OfFile(path, Path.GetFileName(path))];
        if (!Directory.Exists(path))
            throw new UserErrorException($"{path}: no such file or folder");
        var files = Directory.GetFiles(path, pattern, SearchOption.AllDirectories);
        if (files.Length == 0)
            throw new UserErrorException($"{path}: no story ({pattern}) in this folder");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Select(file => OfFile(file, Path.GetRelativePath(path, file)));
    }

    private static StorySource OfFile(string path, string relative) => new(path, relative, () => File.OpenRead(path));
}
