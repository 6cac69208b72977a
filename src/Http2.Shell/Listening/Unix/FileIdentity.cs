using System.Runtime.InteropServices;
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
internal readonly unsafe partial record struct FileIdentity(FileIdentityKind Kind, ulong Inode, ulong Device)
{
    private const int CurrentDirectory = -100, NoFollow = 0x100;
    private const uint TypeAndInode = 0x001 | 0x100;
    private const int Size = 256, ModeAt = 28, InodeAt = 32, DeviceAt = 136;
    private const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000, Link = 0xA000, Socket = 0xC000;

    /// <summary>What a path stands for, links not followed; null when there is nothing.</summary>
    public static FileIdentity? Of(string path) => OperatingSystem.IsLinux() ? Ask(path) : Guess(path);

    [SupportedOSPlatform("linux")]
    private static FileIdentity? Ask(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        Span<byte> status = stackalloc byte[Size];
        int outcome;
        fixed (byte* start = name, result = status)
            outcome = statx(CurrentDirectory, start, NoFollow, TypeAndInode, result);
        if (outcome != 0)
            return null;
        var kind = (BitConverter.ToUInt16(status[ModeAt..]) & TypeMask) switch
        {
            Regular => FileIdentityKind.File,
            Directory => FileIdentityKind.Directory,
            Link => FileIdentityKind.Link,
            Socket => FileIdentityKind.Socket,
            _ => FileIdentityKind.Other,
        };
        return new FileIdentity(kind, BitConverter.ToUInt64(status[InodeAt..]), BitConverter.ToUInt64(status[DeviceAt..]));
    }

    // Elsewhere the framework does not say whether a file is a socket, so that nothing is replaced; at the end, what has our name and is
    // neither a link nor a directory nor has any octets is taken for ours.
    private static FileIdentity? Guess(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            return new FileIdentity(FileIdentityKind.Link, 0, 0);
        if (System.IO.Directory.Exists(path))
            return new FileIdentity(FileIdentityKind.Directory, 0, 0);
        return file.Exists ? new FileIdentity(file.Length > 0 ? FileIdentityKind.File : FileIdentityKind.Other, 0, 0) : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
