using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Http2.Tool;

/// <summary>
/// What the kernel knows of a file: two that are equal are the same file with the same content and permissions. One call (statx, whose
/// layout is the same on every architecture).
/// </summary>
/// <param name="Kind">A file, a directory, nothing, or unclear.</param>
/// <param name="Length">The length in octets.</param>
/// <param name="LastWrite">When it was written (UTC), as precisely as a <see cref="DateTime"/> says it.</param>
/// <param name="LastChange">When anything of it changed (UTC), its permissions included.</param>
/// <param name="Inode">Its number.</param>
/// <param name="Device">The number of the file system it is on.</param>
[SupportedOSPlatform("linux")]
internal readonly unsafe partial record struct FileStatus(
    BeneathKind Kind, long Length, DateTime LastWrite, DateTime LastChange, ulong Inode, ulong Device)
{
    private const int NoFollow = 0x100, EmptyPath = 0x1000;
    private const uint TypeTimesInodeAndSize = 0x001 | 0x040 | 0x080 | 0x100 | 0x200;
    private const int Size = 256;
    private const int ModeAt = 28, InodeAt = 32, LengthAt = 40, LastChangeAt = 96, LastWriteAt = 112, DeviceAt = 136;
    private const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000;

    /// <summary>The status of an open file.</summary>
    /// <param name="descriptor">Its descriptor.</param>
    public static FileStatus Of(int descriptor) => Ask(descriptor, [0], EmptyPath);

    /// <summary>The status of a name in a directory; a link is not followed.</summary>
    /// <param name="directory">The directory's descriptor.</param>
    /// <param name="name">The name, a path perhaps, ended by a zero.</param>
    public static FileStatus At(int directory, ReadOnlySpan<byte> name) => Ask(directory, name, NoFollow);

    private static FileStatus Ask(int directory, ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> status = stackalloc byte[Size];
        int outcome;
        fixed (byte* path = name, result = status)
            outcome = statx(directory, path, flags, TypeTimesInodeAndSize, result);
        if (outcome != 0)
            return new FileStatus(BeneathKind.Unclear, 0, default, default, 0, 0);
        var mode = BitConverter.ToUInt16(status[ModeAt..]) & TypeMask;
        return new FileStatus(
            mode == Regular ? BeneathKind.File : mode == Directory ? BeneathKind.Directory : BeneathKind.Unclear,
            BitConverter.ToInt64(status[LengthAt..]), Time(status[LastWriteAt..]), Time(status[LastChangeAt..]),
            BitConverter.ToUInt64(status[InodeAt..]), BitConverter.ToUInt64(status[DeviceAt..]));
    }

    // Seconds since 1970, then nanoseconds.
    private static DateTime Time(ReadOnlySpan<byte> time) =>
        DateTime.UnixEpoch.AddSeconds(BitConverter.ToInt64(time)).AddTicks(BitConverter.ToUInt32(time[8..]) / TimeSpan.NanosecondsPerTick);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
