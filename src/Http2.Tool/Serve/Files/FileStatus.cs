using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Http2.Tool;

/// <summary>Kind, length and time of an open file in one call (statx, whose layout is the same on every architecture).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class FileStatus
{
    private const int EmptyPath = 0x1000;
    private const uint TypeTimeAndSize = 0x001 | 0x040 | 0x200;
    private const int Size = 256, ModeAt = 28, LengthAt = 40, SecondsAt = 112, NanosecondsAt = 120;
    private const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000;

    /// <summary>Asks for the status of a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="length">The length in octets.</param>
    /// <param name="lastWrite">The time of writing (UTC), as precisely as a <see cref="DateTime"/> says it.</param>
    public static BeneathKind Of(int descriptor, out long length, out DateTime lastWrite)
    {
        (length, lastWrite) = (0, default);
        Span<byte> status = stackalloc byte[Size];
        byte nothing = 0;
        int outcome;
        fixed (byte* result = status)
            outcome = statx(descriptor, &nothing, EmptyPath, TypeTimeAndSize, result);
        if (outcome != 0)
            return BeneathKind.Unclear;
        var mode = BitConverter.ToUInt16(status[ModeAt..]) & TypeMask;
        length = BitConverter.ToInt64(status[LengthAt..]);
        lastWrite = DateTime.UnixEpoch.AddSeconds(BitConverter.ToInt64(status[SecondsAt..]))
            .AddTicks(BitConverter.ToUInt32(status[NanosecondsAt..]) / TimeSpan.NanosecondsPerTick);
        return mode == Regular ? BeneathKind.File : mode == Directory ? BeneathKind.Directory : BeneathKind.Unclear;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, byte* result);
}
