namespace Http2.Tool;

/// <summary>What a name or a descriptor stands for.</summary>
internal enum FileKind
{
    /// <summary>Unknown: the system does not say.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A pipe, a socket, a device.</summary>
    Special,
}

/// <summary>
/// What the system knows of a file. Two that are equal are the same file with the same content and permissions, but for changes within one
/// tick of the file system's clock.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">The length in octets.</param>
/// <param name="LastWrite">When it was written (UTC), as precisely as a <see cref="DateTime"/> says it; anybody can set it back.</param>
/// <param name="LastChange">
/// When anything of it changed (UTC), its permissions included; nobody can set it back. Null where the system does not say.
/// </param>
/// <param name="Inode">Its number; 0 where the system does not say.</param>
/// <param name="Device">The number of the file system it is on.</param>
internal readonly record struct FileStatus(
    FileKind Kind, long Length, DateTime LastWrite, DateTime? LastChange, ulong Inode, ulong Device);
