using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>Whether a thread waits or computes.</summary>
internal interface IThreadStatus : IDisposable
{
    /// <summary>
    /// Whether the thread waits now, in the kernel or for a lock; not when it only waits for a core. One that has ended waits. Asked by one
    /// thread at a time.
    /// </summary>
    bool IsWaiting();
}

/// <summary>
/// What the kernel says of one of our threads: whether it waits for something, or computes, or could if a core were free (proc(5)). When
/// there is no descriptor to ask with, the time that the thread has spent on a core tells nearly the same.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LoopThread : IThreadStatus
{
    // A thread that spent less than this share of the time between two looks on a core waited, or found no core.
    private const int LeastShare = 20;

    private readonly string? _status;
    private readonly int _clock;
    private readonly Func<bool> _isRefused;
    private readonly SafeFileHandle? _open;
    private Reading _last;

    private LoopThread(string? status, int clock, bool keepOpen, Func<bool> isRefused)
    {
        (_status, _clock, _isRefused) = (status, clock, isRefused);
        _open = keepOpen ? Open() : null;
    }

    /// <summary>The calling thread.</summary>
    /// <param name="keepOpen">Whether a descriptor is kept, so that none is needed later.</param>
    /// <param name="isRefused">For tests: whether a descriptor is refused now.</param>
    public static LoopThread Current(bool keepOpen = false, Func<bool>? isRefused = null)
    {
        // "4711/task/4712"; a sandbox may hide it, and then time on a core must do
        var self = new FileInfo("/proc/thread-self").LinkTarget;
        var status = self is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{self}/stat");
        return new LoopThread(status, pthread_getcpuclockid(pthread_self(), out var clock) == 0 ? clock : 0, keepOpen, isRefused ?? (() => false));
    }

    /// <inheritdoc/>
    public bool IsWaiting()
    {
        if (_open is not null)
            return IsWaiting(_open);
        using var file = Open();
        return file is null ? IsOffItsCore() : IsWaiting(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    private static bool IsWaiting(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[256];
        try
        {
            text = text[..RandomAccess.Read(file, text, 0)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The thread has ended.
            return true;
        }
        // "4712 (http2-loop) S ...": the name may hold anything but is short; the state follows its last parenthesis
        var end = text.LastIndexOf((byte)')');
        return end < 0 || end + 2 >= text.Length || text[end + 2] != (byte)'R';
    }

    private SafeFileHandle? Open()
    {
        if (_status is null || _isRefused())
            return null;
        try
        {
            return File.OpenHandle(_status);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The first look of a series has nothing to compare with: the thread counts as computing until the next.
    private bool IsOffItsCore()
    {
        if (_clock == 0 || clock_gettime(_clock, out var time) != 0)
            return true;
        var (now, before) = (new Reading(Environment.TickCount64, time.Seconds * 1000 + time.Nanoseconds / 1_000_000), _last);
        if (now.At == before.At)
            return false;
        _last = now;
        return before.At != 0 && now.At - before.At < 1000 && (now.OnCore - before.OnCore) * LeastShare < now.At - before.At;
    }

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_getcpuclockid(nint thread, out int clock);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private readonly record struct Reading(long At, long OnCore);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
