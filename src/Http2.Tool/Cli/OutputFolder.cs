namespace Http2.Tool;

/// <summary>A folder that files are going to be written to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes sure that files can be written there, before work begins that would be lost; leaves nothing behind.</summary>
    /// <exception cref="UserErrorException">They cannot.</exception>
    public static void Probe(string option, string path)
    {
        if (path.Length == 0)
            throw UserErrorException.Usage($"option {option}: the name of the folder is empty; give one");
        try
        {
            var isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            var file = Path.Combine(path, $".http2-{Guid.NewGuid():n}");
            new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            if (isNew)
                Directory.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"option {option}: cannot write into '{path}': {error.Message.TrimEnd('.')}; name another folder");
        }
    }
}
