using System.Globalization;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// What the kernel says of one of our threads: whether it waits for something, or computes, or could if a core were free (proc(5)).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopThread
{
    private readonly string? _status;

    private LoopThread(string? status) => _status = status;

    /// <summary>The calling thread.</summary>
    public static LoopThread Current()
    {
        // "4711/task/4712"; a sandbox may hide it, and then every thread that takes long counts as waiting
        var self = new FileInfo("/proc/thread-self").LinkTarget;
        return new LoopThread(self is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{self}/stat"));
    }

    /// <summary>Whether the thread waits now, in the kernel or for a lock; not when it only waits for a core.</summary>
    public bool IsWaiting()
    {
        if (_status is null)
            return true;
        Span<byte> text = stackalloc byte[256];
        try
        {
            using var file = File.OpenHandle(_status);
            text = text[..RandomAccess.Read(file, text, 0)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
        // "4712 (http2-loop) S ...": the name may hold anything but is short; the state follows its last parenthesis
        var end = text.LastIndexOf((byte)')');
        return end < 0 || end + 2 >= text.Length || text[end + 2] != (byte)'R';
    }
}
