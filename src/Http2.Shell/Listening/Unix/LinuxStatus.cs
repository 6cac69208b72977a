using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>What Linux says of a file (statx(2), where the layout is described).</summary>
/// <param name="Mode">Type and permissions; see <see cref="Type"/>.</param>
/// <param name="Inode">The file's number on its device.</param>
/// <param name="Device">The device's number, its parts as they lie in memory.</param>
/// <param name="Length">In octets.</param>
/// <param name="LastWrite">When its content was last changed (UTC).</param>
/// <param name="LastChange">When its content or its attributes were last changed (UTC).</param>
[SupportedOSPlatform("linux")]
internal readonly unsafe partial record struct LinuxStatus(
    int Mode, ulong Inode, ulong Device, long Length, DateTime LastWrite, DateTime LastChange)
{
    /// <summary>The directory descriptor that stands for the current directory; absolute paths do not need one.</summary>
    public const int NoDirectory = -100;

    /// <summary>A flag: for a symbolic link, the status of the link itself is given.</summary>
    public const int NoFollow = 0x100;

    /// <summary>A flag: an empty path stands for what the descriptor itself refers to.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>The values of <see cref="Type"/>.</summary>
    public const int Regular = 0x8000, Directory = 0x4000, Link = 0xA000, Socket = 0xC000;

    private const int TypeMask = 0xF000;
    private const uint TypeTimesInodeAndSize = 0x001 | 0x040 | 0x080 | 0x100 | 0x200;
    private const int Size = 256;
    private const int ModeAt = 28, InodeAt = 32, LengthAt = 40, LastChangeAt = 96, LastWriteAt = 112, DeviceAt = 136;

    /// <summary>The kind of file.</summary>
    public int Type => Mode & TypeMask;

    /// <summary>Asks about a file.</summary>
    /// <param name="directory">The descriptor of the directory that a relative path begins in.</param>
    /// <param name="name">The path in UTF-8, with a 0 behind it.</param>
    /// <param name="flags"><see cref="NoFollow"/>, <see cref="EmptyPath"/>, or 0.</param>
    /// <returns>Null when there is no such file, or the system does not say.</returns>
    public static LinuxStatus? Of(int directory, ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> status = stackalloc byte[Size];
        int outcome;
        fixed (byte* path = name, result = status)
            outcome = statx(directory, path, flags, TypeTimesInodeAndSize, result);
        if (outcome != 0)
            return null;
        return new LinuxStatus(
            BitConverter.ToUInt16(status[ModeAt..]), BitConverter.ToUInt64(status[InodeAt..]), BitConverter.ToUInt64(status[DeviceAt..]),
            BitConverter.ToInt64(status[LengthAt..]), Time(status[LastWriteAt..]), Time(status[LastChangeAt..]));
    }

    // Seconds since 1970, then nanoseconds.
    private static DateTime Time(ReadOnlySpan<byte> time) =>
        DateTime.UnixEpoch.AddSeconds(BitConverter.ToInt64(time)).AddTicks(BitConverter.ToUInt32(time[8..]) / TimeSpan.NanosecondsPerTick);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
