using System.Runtime.InteropServices;

namespace Http2.Interleavings;

/// <summary>
/// What one thread hands to another so that exactly one of them runs: a semaphore of the system's C library, as handing over is most of what an
/// exploration costs, and this costs a third of what the runtime's ways do.
/// </summary>
internal sealed unsafe partial class Baton
{
    // sem_t has 32 octets or fewer on all systems that have one.
    private const int Room = 64;

    // Never freed: threads that run strands live as long as the process.
    private readonly void* _semaphore;

    public Baton()
    {
        _semaphore = NativeMemory.AllocZeroed(Room);
        if (sem_init(_semaphore, 0, 0) != 0)
            throw new InvalidOperationException("The system gives no semaphore.");
    }

    public void Give() => _ = sem_post(_semaphore);

    public void Await()
    {
        while (sem_wait(_semaphore) != 0)
        {
            // a signal has interrupted it
        }
    }

    [LibraryImport("libc")]
    private static partial int sem_init(void* semaphore, int shared, uint value);

    [LibraryImport("libc")]
    private static partial int sem_post(void* semaphore);

    [LibraryImport("libc")]
    private static partial int sem_wait(void* semaphore);
}
