using System.Runtime.InteropServices;

namespace Http2.Shell;

/// <summary>
/// The calls of Linux's epoll and eventfd that the event loops need (epoll(7), eventfd(2)). Reports are edge-triggered: one for each change.
/// </summary>
internal static partial class Epoll
{
    internal const uint In = 0x001, Out = 0x004, Error = 0x008, HangUp = 0x010, ReadHangUp = 0x2000, Edge = 1u << 31;

    private const int AddOperation = 1, ModifyOperation = 3, CloseOnExec = 0x80000, NonBlocking = 0x800, Interrupted = 4;

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
    /// <param name="milliseconds">How long; -1 without end.</param>
    /// <returns>How many there are; 0 when there were none, or a signal interrupted the wait.</returns>
    internal static unsafe int Wait(int epoll, Span<ReadyReport> reports, int milliseconds)
    {
        var size = Packed ? 12 : 16;
        var buffer = stackalloc byte[16 * ReadyBatch.Most];
        var count = epoll_wait(epoll, buffer, Math.Min(reports.Length, ReadyBatch.Most), milliseconds);
        if (count < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == Interrupted ? 0 : throw Failure(error);
        }
        for (var i = 0; i < count; i++)
            reports[i] = new ReadyReport(*(uint*)(buffer + i * size), *(ulong*)(buffer + i * size + size - sizeof(ulong)));
        return count;
    }

    /// <summary>Makes a descriptor that wakes one thread at each <see cref="Signal"/>, or all of them for good after <see cref="WakeAll"/>.</summary>
    /// <param name="epoll">What the threads wait at.</param>
    /// <param name="token">What they are told then.</param>
    internal static int CreateSignal(int epoll, ulong token)
    {
        var descriptor = eventfd(0, CloseOnExec | NonBlocking);
        if (descriptor < 0)
            throw Failure(Marshal.GetLastPInvokeError());
        try
        {
            Control(epoll, AddOperation, descriptor, In | Edge, token);
        }
        catch
        {
            Close(descriptor);
            throw;
        }
        return descriptor;
    }

    /// <summary>Wakes one of the threads that wait.</summary>
    internal static void Signal(int signal) => _ = eventfd_write(signal, 1);

    /// <summary>Wakes every thread that waits, now and from now on: the descriptor is readable for ever, and no edge is waited for.</summary>
    internal static void WakeAll(int epoll, int signal, ulong token)
    {
        Signal(signal);
        Control(epoll, ModifyOperation, signal, In, token);
    }

    /// <summary>Has the calling thread sleep (poll(2)); a signal may wake it before its time.</summary>
    internal static void Sleep(int milliseconds) => _ = poll(0, 0, milliseconds);

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
    private static partial int poll(nint descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial int eventfd_write(int descriptor, ulong value);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* report);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* reports, int capacity, int timeoutMilliseconds);
}
