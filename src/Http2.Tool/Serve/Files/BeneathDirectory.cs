using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>What a name stands for in an open directory.</summary>
internal enum BeneathKind
{
    /// <summary>A regular file, opened.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>Nothing has that name.</summary>
    Nothing,

    /// <summary>Something that takes a closer look: a link, a pipe, a name that may not be read, an old kernel.</summary>
    Unclear,
}

/// <summary>
/// Opens files beneath a directory with one call of the kernel that follows no link (openat2, Linux 5.6), so that nobody can exchange a
/// part of the path between the check and the opening. What was opened is kept, and used again as long as the name stands for the very
/// same file, unchanged: all requests that came together cost one call more than their reading. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class BeneathDirectory : IDisposable
{
    // The same number on every architecture that .NET runs on; libc has no wrapper yet.
    private const int Openat2 = 437;

    private const ulong ReadOnly = 0, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const ulong ResolveNoLinks = 0x02 | 0x04, ResolveBeneath = 0x08;
    private const int NoEntry = 2, NotADirectory = 20, NameTooLong = 36;
    private const int LongestName = 1024;

    // Files kept open. What is pushed out is closed by its finalizer, as bodies may still be reading it.
    private const int MaxKept = 256;

    private readonly string _path;
    private readonly SafeFileHandle _directory;
    private readonly ConcurrentDictionary<string, Located.File> _kept = new(StringComparer.Ordinal);

    private BeneathDirectory(string path, SafeFileHandle directory) => (_path, _directory) = (path, directory);

    /// <summary>Opens a directory; null where the kernel cannot do this.</summary>
    public static BeneathDirectory? TryOpen(string path)
    {
        Span<byte> name = stackalloc byte[LongestName];
        if (!Terminate(path, name))
            return null;
        var descriptor = OpenBeneath(-100, name, resolve: 0); // AT_FDCWD: the path is absolute
        if (descriptor < 0)
            return null;
        var opened = new BeneathDirectory(path, new SafeFileHandle(descriptor, ownsHandle: true));
        if (opened.Find(".", long.MaxValue, out _) == BeneathKind.Directory)
            return opened;
        opened.Dispose();
        return null;
    }

    /// <summary>Finds what a relative path stands for, and opens it when it is a file.</summary>
    /// <param name="path">Names with slashes between them.</param>
    /// <param name="since">When the question came: requests that came together are answered by one look at the file.</param>
    /// <param name="file">The file when the answer is <see cref="BeneathKind.File"/>, else null.</param>
    public BeneathKind Find(string path, long since, out Located.File? file)
    {
        file = null;
        _kept.TryGetValue(path, out var kept);
        if (kept is not null && kept.CheckedAt >= since)
        {
            file = kept;
            return BeneathKind.File;
        }
        var now = TimeProvider.System.GetTimestamp();
        Span<byte> name = stackalloc byte[LongestName];
        if (!Terminate(path, name))
            return BeneathKind.Unclear;
        var directory = (int)_directory.DangerousGetHandle();
        if (kept is not null)
        {
            if (FileStatus.At(directory, name) == kept.Status)
            {
                file = kept;
                kept.CheckedAt = now;
                return BeneathKind.File;
            }
            _kept.TryRemove(new(path, kept));
        }
        var descriptor = OpenBeneath(directory, name, ResolveNoLinks | ResolveBeneath);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() is NoEntry or NotADirectory or NameTooLong ? BeneathKind.Nothing : BeneathKind.Unclear;
        var status = FileStatus.Of(descriptor);
        if (status.Kind != BeneathKind.File)
        {
            _ = close(descriptor);
            return status.Kind;
        }
        file = new Located.File(Path.Join(_path, path), status.Length, status.LastWrite)
        {
            Status = status, Opened = new SafeFileHandle(descriptor, ownsHandle: true), CheckedAt = now,
        };
        if (_kept.Count >= MaxKept)
            _kept.Clear();
        _kept[path] = file;
        return BeneathKind.File;
    }

    public void Dispose() => _directory.Dispose();

    private static bool Terminate(string path, Span<byte> name)
    {
        if (!Encoding.UTF8.TryGetBytes(path, name[..^1], out var length))
            return false;
        name[length] = 0;
        return true;
    }

    private static int OpenBeneath(int directory, ReadOnlySpan<byte> name, ulong resolve)
    {
        // Opening a pipe would wait for its other end; what is no regular file is closed again unread.
        var how = stackalloc ulong[] { ReadOnly | NonBlocking | CloseOnExec, 0, resolve };
        fixed (byte* path = name)
            return (int)syscall(Openat2, directory, path, how, 3 * sizeof(ulong));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint directory, byte* path, ulong* how, nint size);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
