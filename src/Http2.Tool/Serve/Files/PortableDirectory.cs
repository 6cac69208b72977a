namespace Http2.Tool;

/// <summary>
/// Opens files beneath a directory with calls that every system has. The path is checked for links before and after the file is opened, and not
/// while it is: whoever may write to the directory can exchange a folder for a link in that moment, and have a file outside opened.
/// </summary>
internal static class PortableDirectory
{
    private const FileShare Others = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Opens what a relative path stands for.</summary>
    /// <param name="root">The real path of the directory.</param>
    /// <param name="name">Names with separators between them; none is <c>..</c>.</param>
    /// <param name="room">How many files may be open.</param>
    /// <returns>A file, held for the caller, or why there is none.</returns>
    public static Located Open(string root, string name, FileRoom room)
    {
        var path = Path.Join(root, name);
        if (LinkedPath.Resolve(path) is not { } real || LinkedPath.Beneath(root, real) is null)
            return Located.Nothing.Instance;
        if (Directory.Exists(real))
            return Located.NeedsSlash.Instance;
        if (!room.TryTake())
            return Located.NotNow.Instance;
        Located located = Located.Nothing.Instance;
        try
        {
            located = OpenReal(real, room);
            if (located is Located.File file && LinkedPath.Resolve(path) != real)
            {
                file.Dispose();
                return Located.NotNow.Instance;
            }
            return located;
        }
        catch (UnauthorizedAccessException)
        {
            return Located.Forbidden.Instance;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Located.Nothing.Instance;
        }
        catch (IOException)
        {
            return Located.Unreadable.Instance;
        }
        finally
        {
            if (located is not Located.File)
                room.Give();
        }
    }

    private static Located OpenReal(string real, FileRoom room)
    {
        var entry = new FileInfo(real);
        var status = new FileStatus(FileKind.File, entry.Length, entry.LastWriteTimeUtc, null, 0, 0);
        // A file of length 0 is not opened: it may be a pipe, and opening a pipe waits for its other end.
        if (status.Length == 0)
            return new Located.File(real, status, null, room);
        var handle = File.OpenHandle(real, FileMode.Open, FileAccess.Read, Others, FileOptions.SequentialScan);
        try
        {
            status = status with { Length = RandomAccess.GetLength(handle), LastWrite = File.GetLastWriteTimeUtc(handle) };
            return new Located.File(real, status, handle, room);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
