using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>The calls of Linux that .NET does not offer: to open beneath a directory, and to ask what a descriptor stands for.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFiles
{
    /// <summary>The directory descriptor that stands for the current directory; absolute paths do not need one.</summary>
    public const int NoDirectory = LinuxStatus.NoDirectory;

    // The same number on every architecture that .NET runs on; libc has no wrapper yet.
    private const int Openat2 = 437;

    // Not blocking, so that a pipe without a writer or a file under a lease does not make the call wait; closed in programs that are
    // started.
    private const int Reading = 0x800 | 0x80000; // O_RDONLY, O_NONBLOCK, O_CLOEXEC

    private const int LongestName = 4096;

    // The kernel answers EAGAIN when a name changes while a link that leads upwards is followed past it; the call is then made again.
    private const int Attempts = 32;

    /// <summary>Opens a file or directory for reading, in one call that the kernel bounds.</summary>
    /// <param name="directory">The descriptor of the directory that <paramref name="path"/> begins in.</param>
    /// <param name="path">The path.</param>
    /// <param name="resolve">What the kernel may meet while it follows the path.</param>
    /// <param name="error">The system's number for what went wrong, else 0.</param>
    /// <returns>The descriptor, or -1.</returns>
    public static int Open(int directory, string path, Resolve resolve, out int error)
    {
        Span<byte> name = stackalloc byte[LongestName];
        if (!Terminate(path, name))
        {
            error = Errno.NameTooLong;
            return -1;
        }
        var how = stackalloc ulong[] { Reading, 0, (ulong)resolve };
        for (var attempt = 1; ; attempt++)
        {
            nint descriptor;
            fixed (byte* start = name)
                descriptor = syscall(Openat2, directory, start, how, 3 * sizeof(ulong));
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error != Errno.Interrupted && (error != Errno.Again || attempt == Attempts))
                return (int)descriptor;
        }
    }

    /// <summary>Opens an absolute path whose last name is no link, where the kernel knows no better call.</summary>
    /// <inheritdoc cref="Open"/>
    public static int OpenPlainly(string path, out int error)
    {
        const int NoFollow = 0x20000, NoFollowOnArm = 0x8000;
        var isArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
        Span<byte> name = stackalloc byte[LongestName];
        if (!Terminate(path, name))
        {
            error = Errno.NameTooLong;
            return -1;
        }
        int descriptor;
        do
        {
            fixed (byte* start = name)
                descriptor = open(start, Reading | (isArm ? NoFollowOnArm : NoFollow));
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == Errno.Interrupted);
        return descriptor;
    }

    /// <summary>The status of an open file.</summary>
    public static FileStatus StatusOf(int descriptor) => Ask(descriptor, [0], LinuxStatus.EmptyPath);

    /// <summary>The status of what a path stands for, all links followed.</summary>
    /// <param name="directory">The descriptor of the directory that <paramref name="path"/> begins in.</param>
    /// <param name="path">The path.</param>
    public static FileStatus StatusAt(int directory, string path)
    {
        Span<byte> name = stackalloc byte[LongestName];
        return Terminate(path, name) ? Ask(directory, name, 0) : default;
    }

    /// <summary>
    /// The real path of what is open, or null. Of a file that has been deleted the last name ends with <c> (deleted)</c>.
    /// </summary>
    public static string? PathOf(int descriptor)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Closes a descriptor that nobody has wrapped yet.</summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    private static bool Terminate(string path, Span<byte> name)
    {
        if (!Encoding.UTF8.TryGetBytes(path, name[..^1], out var length))
            return false;
        name[length] = 0;
        return true;
    }

    private static FileStatus Ask(int directory, ReadOnlySpan<byte> name, int flags) =>
        LinuxStatus.Of(directory, name, flags) is { } status
            ? new FileStatus(KindOf(status.Type), status.Length, status.LastWrite, status.LastChange, status.Inode, status.Device)
            : default;

    private static FileKind KindOf(int type) => type switch
    {
        LinuxStatus.Regular => FileKind.File,
        LinuxStatus.Directory => FileKind.Directory,
        LinuxStatus.Link => FileKind.Link,
        _ => FileKind.Special,
    };

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint directory, byte* path, ulong* how, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}

/// <summary>What the kernel may meet while it follows a path (the flags of openat2, Linux 5.6).</summary>
[Flags]
internal enum Resolve : ulong
{
    /// <summary>Anything.</summary>
    Anything = 0,

    /// <summary>No link of /proc that leads to an open file.</summary>
    NoMagicLinks = 0x02,

    /// <summary>No symbolic link.</summary>
    NoLinks = 0x04,

    /// <summary>Nothing outside the directory that the path begins in; a link that is an absolute path counts as outside.</summary>
    Beneath = 0x08,
}

/// <summary>The numbers of Linux for what goes wrong with files; the same on every architecture that .NET runs on.</summary>
internal static class Errno
{
    public const int NoEntry = 2, Interrupted = 4, NoDevice = 6, Again = 11, NoMemory = 12, NotPermitted = 13, OtherDevice = 18,
        NotADirectory = 20, TooManyOfAll = 23, TooMany = 24, NameTooLong = 36, Loop = 40;
}
