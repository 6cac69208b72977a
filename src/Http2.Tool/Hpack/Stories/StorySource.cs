namespace Http2.Tool;

/// <summary>Where a story is read from: a file, or standard input.</summary>
/// <param name="Name">The name of the story in error messages and tables.</param>
/// <param name="RelativePath">The path of the file that it is written to below an output folder.</param>
/// <param name="Open">Opens the file or standard input for reading.</param>
internal sealed record StorySource(string Name, string RelativePath, Func<Stream> Open)
{
    /// <summary>The stories that the paths stand for: files in the order given, those in a folder and the folders below it by name.</summary>
    /// <param name="paths">Files, folders, and <c>-</c> for standard input, which is also read when there are no paths.</param>
    /// <param name="pattern">The pattern of the names of files in a folder that are stories.</param>
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
