namespace Http2.Tool;

/// <summary>
/// Follows links by their names. The answer is true for a moment only: whoever opens the path must make sure that it has no links by then.
/// </summary>
internal static class LinkedPath
{
    // The number of links that Linux follows before it reports a loop.
    private const int MaxLinks = 40;

    /// <summary>The path with every link resolved, also those in the middle; null when it does not exist or never ends.</summary>
    /// <param name="path">An absolute path.</param>
    public static string? Resolve(string path)
    {
        var top = Path.GetPathRoot(path)!;
        var real = top;
        var rest = new Stack<string>(Names(path, top));
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = Path.Combine(real, name);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                if (!entry.Exists)
                    return null;
                real = next;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            var absolute = Path.GetFullPath(target, real);
            top = Path.GetPathRoot(absolute)!;
            foreach (var step in Names(absolute, top))
                rest.Push(step);
            real = top;
        }
        return real;
    }

    /// <summary>
    /// The path from <paramref name="root"/> to <paramref name="real"/>, <c>.</c> for itself; null when that lies outside.
    /// </summary>
    public static string? Beneath(string root, string real)
    {
        if (string.Equals(real, root, StringComparison.Ordinal))
            return ".";
        var start = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        return real.StartsWith(start, StringComparison.Ordinal) ? real[start.Length..] : null;
    }

    // Last name first, as a stack wants them.
    private static IEnumerable<string> Names(string path, string top) =>
        path[top.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
