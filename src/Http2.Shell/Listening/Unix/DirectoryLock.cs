using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>
/// Keeps other servers from changing names in a folder meanwhile (flock on the folder itself, which leaves nothing behind). The system lets
/// go of it when the process ends.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class DirectoryLock : IDisposable
{
    private const int ReadOnly = 0x80000; // O_CLOEXEC
    private const int Exclusive = 2, NonBlocking = 4, WouldBlock = 11, Interrupted = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle _directory;

    private DirectoryLock(SafeFileHandle directory) => _directory = directory;

    /// <summary>Waits for the lock, but not for ever.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="patience">How long others may keep it.</param>
    /// <returns>The lock, or null where there is none to be had: others keep it, the folder may not be read, or locks do not exist there.</returns>
    public static DirectoryLock? TryTake(string path, TimeSpan patience)
    {
        var directory = new SafeFileHandle(open(path, ReadOnly), ownsHandle: true);
        for (var watch = Stopwatch.StartNew(); !directory.IsInvalid;)
        {
            if (flock((int)directory.DangerousGetHandle(), Exclusive | NonBlocking) == 0)
                return new DirectoryLock(directory);
            if (Marshal.GetLastPInvokeError() is not (WouldBlock or Interrupted) || watch.Elapsed > patience)
                break;
            Thread.Sleep(Pause);
        }
        directory.Dispose();
        return null;
    }

    public void Dispose() => _directory.Dispose();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int descriptor, int operation);
}
