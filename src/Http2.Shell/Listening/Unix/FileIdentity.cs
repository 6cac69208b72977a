using System.Runtime.Versioning;
using System.Text;

namespace Http2.Shell;

/// <summary>What kind of file a name stands for.</summary>
internal enum FileIdentityKind
{
    /// <summary>A pipe, a device, or unknown.</summary>
    Other,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, whether it leads anywhere or not.</summary>
    Link,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>Which file a name stands for: two that are equal are the same file, as long as somebody has it open.</summary>
internal readonly record struct FileIdentity(FileIdentityKind Kind, ulong Inode, ulong Device)
{
    /// <summary>What a path stands for, links not followed; null when there is nothing.</summary>
    public static FileIdentity? Of(string path) => OperatingSystem.IsLinux() ? Ask(path) : Guess(path);

    [SupportedOSPlatform("linux")]
    private static FileIdentity? Ask(string path)
    {
        if (LinuxStatus.Of(LinuxStatus.NoDirectory, Encoding.UTF8.GetBytes(path + '\0'), LinuxStatus.NoFollow) is not { } status)
            return null;
        var kind = status.Type switch
        {
            LinuxStatus.Regular => FileIdentityKind.File,
            LinuxStatus.Directory => FileIdentityKind.Directory,
            LinuxStatus.Link => FileIdentityKind.Link,
            LinuxStatus.Socket => FileIdentityKind.Socket,
            _ => FileIdentityKind.Other,
        };
        return new FileIdentity(kind, status.Inode, status.Device);
    }

    // Elsewhere the framework does not say whether a file is a socket, so that nothing is replaced; at the end, what has the socket's name
    // and is neither a link nor a directory nor has any octets is taken for the socket.
    private static FileIdentity? Guess(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            return new FileIdentity(FileIdentityKind.Link, 0, 0);
        if (Directory.Exists(path))
            return new FileIdentity(FileIdentityKind.Directory, 0, 0);
        return file.Exists ? new FileIdentity(file.Length > 0 ? FileIdentityKind.File : FileIdentityKind.Other, 0, 0) : null;
    }
}
