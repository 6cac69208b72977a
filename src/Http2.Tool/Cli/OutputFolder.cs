namespace Http2.Tool;

/// <summary>A folder that files are going to be written to.</summary>
internal static class OutputFolder
{
    /// <summary>Checks that files can be written to the folder, before work begins whose results would be lost. Leaves no file behind.</summary>
    /// <exception cref="UserErrorException">Files cannot be written to the folder.</exception>
    public static void Probe(string option, string path)
    {
        if (path.Length == 0)
            throw UserErrorException.Usage($"option {option}: the name of the folder is empty; give one");
        try
        {
            var made = FirstMissing(path);
            Directory.CreateDirectory(path);
            var file = Path.Combine(path, $".http2-{Guid.NewGuid():n}");
            new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            for (var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); made is not null; folder = Path.GetDirectoryName(folder)!)
            {
                Directory.Delete(folder);
                if (folder == made)
                    break;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"option {option}: cannot write into '{path}': {error.Message.TrimEnd('.')}; name another folder");
        }
    }

    // The topmost folder of the path that does not exist yet; null when all of them exist.
    private static string? FirstMissing(string path)
    {
        string? missing = null;
        for (var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); folder is not null && !Directory.Exists(folder);)
            (missing, folder) = (folder, Path.GetDirectoryName(folder));
        return missing;
    }
}
