using System.Runtime.InteropServices;

namespace Http2.Shell;

/// <summary>
/// The three calls of Linux's epoll that the event loops need (epoll(7)). Reports are edge-triggered: one for each change.
/// </summary>
internal static partial class Epoll
{
    internal const uint In = 0x001, Out = 0x004, Error = 0x008, HangUp = 0x010, ReadHangUp = 0x2000, Edge = 1u << 31;

    private const int AddOperation = 1, CloseOnExec = 0x80000, Interrupted = 4;

    // The kernel packs epoll_event to 12 octets on x86-64 and aligns it to 16 elsewhere.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    internal static bool IsSupported => OperatingSystem.IsLinux();

    internal static int Create()
    {
        var descriptor = epoll_create1(CloseOnExec);
        return descriptor >= 0 ? descriptor : throw Failure(Marshal.GetLastPInvokeError());
    }

    internal static void Add(int epoll, int descriptor, uint events, ulong token) => Control(epoll, AddOperation, descriptor, events, token);

    /// <summary>Waits for reports.</summary>
    /// <param name="epoll">The descriptor.</param>
    /// <param name="reports">Where they go, at most <see cref="ReadyBatch.Most"/>.</param>
    /// <returns>How many there are; 0 when a signal interrupted the wait.</returns>
    internal static unsafe int Wait(int epoll, Span<ReadyReport> reports)
    {
        var size = Packed ? 12 : 16;
        var buffer = stackalloc byte[16 * ReadyBatch.Most];
        var count = epoll_wait(epoll, buffer, Math.Min(reports.Length, ReadyBatch.Most), -1);
        if (count < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == Interrupted ? 0 : throw Failure(error);
        }
        for (var i = 0; i < count; i++)
            reports[i] = new ReadyReport(*(uint*)(buffer + i * size), *(ulong*)(buffer + i * size + size - sizeof(ulong)));
        return count;
    }

    /// <summary>Wakes every thread that waits, now and from now on: a descriptor that is readable for ever, not edge-triggered.</summary>
    /// <returns>That descriptor, to be closed with the other.</returns>
    internal static int WakeAll(int epoll)
    {
        var readable = eventfd(1, CloseOnExec);
        if (readable < 0)
            throw Failure(Marshal.GetLastPInvokeError());
        Control(epoll, AddOperation, readable, In, ulong.MaxValue);
        return readable;
    }

    internal static void Close(int descriptor) => _ = close(descriptor);

    private static unsafe void Control(int epoll, int operation, int descriptor, uint events, ulong token)
    {
        var buffer = stackalloc byte[16];
        *(uint*)buffer = events;
        *(ulong*)(buffer + (Packed ? 4 : 8)) = token;
        if (epoll_ctl(epoll, operation, descriptor, buffer) != 0)
            throw Failure(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    private static IOException Failure(int error) => new($"The event loops cannot go on: {Marshal.GetPInvokeErrorMessage(error)} ({error}).");

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* report);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* reports, int capacity, int timeoutMilliseconds);
}
