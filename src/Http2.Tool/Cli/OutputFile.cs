using System.Security.Cryptography;

namespace Http2.Tool;

/// <summary>
/// Writes files that users name. Whatever fails, the file holds either its old content or all of the new one: the new content is
/// written to another file in the same folder, which replaces the old file at the end.
/// </summary>
internal static class OutputFile
{
    private const int NameOctets = 8;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its path. When it is a link, the file it leads to is written and the link stays; pipes and devices are written to
    /// directly.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written; it has not changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var isLink = new FileInfo(path).LinkTarget is not null;
        var target = isLink ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : Path.GetFullPath(path);
        if (Beside(path, target) is not { } temporary)
        {
            var mode = IsRegular(target) ? FileMode.Truncate : FileMode.Open;
            using var direct = new FileStream(target, mode, FileAccess.Write, FileShare.ReadWrite);
            write(direct);
            return;
        }
        try
        {
            using (temporary)
                write(temporary);
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(temporary.Name, File.GetUnixFileMode(target));
            File.Move(temporary.Name, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary.Name);
            throw;
        }
    }

    /// <summary>Writes a file whose name is made from a hash of its content, so that no other file is overwritten.</summary>
    /// <param name="directory">The folder; it is created when it does not exist.</param>
    /// <param name="name">What the name begins with.</param>
    /// <param name="extension">The end of the name, with its dot.</param>
    /// <param name="octets">The content.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void WriteByContent(string directory, string name, string extension, ReadOnlySpan<byte> octets)
    {
        Directory.CreateDirectory(directory);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, digest);
        var path = Path.Combine(directory, $"{name}-{Convert.ToHexStringLower(digest[..NameOctets])}{extension}");
        var content = octets.ToArray();
        if (!File.Exists(path))
            Write(path, stream => stream.Write(content));
    }

    // The result is null where the file cannot be replaced and is written to directly: it is no regular file, or the folder that it lies in
    // may not be written to.
    private static FileStream? Beside(string path, string target)
    {
        var exists = Path.Exists(target);
        if (exists && !IsRegular(target))
            return null;
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'");
        try
        {
            return new FileStream(Path.Combine(folder, $".http2-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write);
        }
        catch (UnauthorizedAccessException) when (exists)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UnauthorizedAccessException($"Access to the path '{path}' is denied");
        }
    }

    private static bool IsRegular(string path) => OperatingSystem.IsLinux()
        ? LinuxFiles.StatusAt(LinuxFiles.NoDirectory, path).Kind == FileKind.File
        : File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal);
}
