using System.Runtime.InteropServices;

namespace Http2.Interleavings.Twins;

/// <summary>
/// Stands in for the functions of the system's C library that the event loops call, by their names: they act on the <see cref="Kernel"/> of the
/// run. On threads that are no strands they do nothing.
/// </summary>
public static unsafe class Native
{
#pragma warning disable CA1707, IDE1006 // the names are those of the system's functions
    public static int epoll_create1(int flags) => Call("epoll_create1", static kernel => kernel.Add(new KernelPollSet()));

    public static int eventfd(uint value, int flags) => Call("eventfd", static kernel => kernel.Add(new KernelEvent()));

    public static int eventfd_write(int descriptor, ulong value) => Call($"eventfd_write to {descriptor}", kernel =>
    {
        kernel.Find<KernelEvent>(descriptor)!.Set();
        return 0;
    });

    public static int epoll_ctl(int epoll, int operation, int descriptor, byte* report)
    {
        var (events, token) = (*(uint*)report, *(ulong*)(report + TokenAt));
        return Call($"epoll_ctl of {descriptor}", kernel =>
        {
            kernel.Find<KernelPollSet>(epoll)!.Set(kernel.Find<KernelFile>(descriptor)!, events, token);
            return 0;
        });
    }

    public static int epoll_wait(int epoll, byte* reports, int capacity, int timeoutMilliseconds)
    {
        if (Strand.Current is not { } me)
            return 0;
        var set = Kernel.OfRun(me.Schedule).Find<KernelPollSet>(epoll)!;
        me.Schedule.Wait(me, "a report of epoll", () => set.HasReports, timeoutMilliseconds);
        var (count, taken) = (0, new HashSet<KernelFile>());
        while (count < capacity && set.Take(taken) is { } report)
        {
            var place = reports + count++ * (TokenAt + sizeof(ulong));
            *(uint*)place = report.Events;
            *(ulong*)(place + TokenAt) = report.Token;
            me.Schedule.Tell(me, $"epoll reports {report.Events:x} of {report.Token:x}");
        }
        return count;
    }

    public static int poll(nint descriptors, nuint count, int timeoutMilliseconds)
    {
        Thread.Sleep(timeoutMilliseconds);
        return 0;
    }

    public static int close(int descriptor) => Call($"close of {descriptor}", kernel => kernel.Close(descriptor));

    public static int accept4(nint listener, byte* address, int* length, int flags) => Call(
        "accept4", kernel => kernel.Find<KernelListener>((int)listener)!.Waiting.TryDequeue(out var socket) ? kernel.Add(socket) : -Kernel.Again);

    public static nint recv(nint socket, byte* octets, nint length, int flags) => Call(
        $"recv on {socket}", kernel => kernel.Find<KernelSocket>((int)socket)!.Receive(new Span<byte>(octets, (int)length)));

    public static nint send(nint socket, byte* octets, nint length, int flags) => Call(
        $"send on {socket}", kernel => kernel.Find<KernelSocket>((int)socket)!.Send(new ReadOnlySpan<byte>(octets, (int)length)));

    public static int shutdown(nint socket, int how) => Call($"shutdown of {socket}", kernel =>
    {
        kernel.Find<KernelSocket>((int)socket)!.FinishSending();
        return 0;
    });

    public static int clock_gettime(int clock, void* time)
    {
        // a strand that others look at is never on a core
        new Span<long>(time, 2).Clear();
        return 0;
    }
#pragma warning restore CA1707, IDE1006

    private static int TokenAt => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private static int Call(string what, Func<Kernel, int> function)
    {
        if (Strand.Current is not { } me)
            return 0;
        me.Schedule.Step(me);
        var result = function(Kernel.OfRun(me.Schedule));
        me.Schedule.Tell(me, $"{what} answers {result}");
        Marshal.SetLastSystemError(result < 0 ? -result : 0);
        return result < 0 ? -1 : result;
    }
}

/// <summary>Stands in for what the shell asks the file system about a thread: nothing is known of a strand.</summary>
public static class FileSystemInfo
{
    public static string? get_LinkTarget(System.IO.FileSystemInfo info) => Strand.Current is null ? info.LinkTarget : null;
}
