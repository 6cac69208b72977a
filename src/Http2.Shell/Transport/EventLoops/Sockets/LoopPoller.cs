using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>Where a loop's thread waits for reports.</summary>
internal interface IReportSource
{
    /// <summary>Waits for reports.</summary>
    /// <param name="reports">Where they go.</param>
    /// <param name="milliseconds">How long to wait; 0 takes what is there, -1 waits without end.</param>
    /// <returns>How many there are, perhaps none.</returns>
    int Wait(Span<ReadyReport> reports, int milliseconds);
}

/// <summary>
/// The epoll descriptor that the loops' threads wait at, and the eventfd that wakes one of them. Both are closed when the last user has left:
/// the kernel gives a closed descriptor's number to the next socket, and a late signal would write into it. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopPoller : IReportSource
{
    /// <summary>The token of the report that <see cref="Signal"/> causes.</summary>
    internal const ulong SignalToken = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _signal;
    private int _users = 1;

    private LoopPoller(int epoll, int signal) => (_epoll, _signal) = (epoll, signal);

    /// <summary>Opens both descriptors. The caller is the first user and must <see cref="Leave"/>.</summary>
    /// <param name="settings">Says, in tests, whether a descriptor is refused.</param>
    /// <exception cref="Http2ShortageException">The system gives no descriptor.</exception>
    internal static LoopPoller Open(LoopSettings settings)
    {
        var epoll = -1;
        try
        {
            epoll = settings.Refuses(Scarce.Descriptor) ? throw Http2ShortageException.OfDescriptors() : Epoll.Create();
            return new LoopPoller(epoll, settings.Refuses(Scarce.Descriptor)
                ? throw Http2ShortageException.OfDescriptors()
                : Epoll.CreateSignal(epoll, SignalToken));
        }
        catch (IOException failure)
        {
            if (epoll >= 0)
                Epoll.Close(epoll);
            throw failure as Http2ShortageException ?? Http2ShortageException.OfDescriptors(failure);
        }
    }

    /// <summary>Keeps the descriptors open until the caller leaves. A thread that calls <see cref="Wait"/> is a user for its whole life.</summary>
    /// <returns>False when they are closed already.</returns>
    internal bool TryJoin()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    /// <summary>The caller needs the descriptors no longer; the last one closes them.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        Epoll.Close(_signal);
        Epoll.Close(_epoll);
    }

    /// <summary>Has each change of a descriptor's readiness reported once, with this token, from now on.</summary>
    /// <exception cref="IOException">The kernel has no room for one more.</exception>
    /// <exception cref="ObjectDisposedException">Nobody waits here any more.</exception>
    internal void Add(int descriptor, ulong token)
    {
        ObjectDisposedException.ThrowIf(!TryJoin(), this);
        try
        {
            Epoll.Add(_epoll, descriptor, Epoll.In | Epoll.Out | Epoll.ReadHangUp | Epoll.Edge, token);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public int Wait(Span<ReadyReport> reports, int milliseconds) => Epoll.Wait(_epoll, reports, milliseconds);

    /// <summary>Wakes one of the threads that wait.</summary>
    internal void Signal()
    {
        if (!TryJoin())
            return;
        Epoll.Signal(_signal);
        Leave();
    }

    /// <summary>Wakes every thread that waits, now and from now on. Called by a user.</summary>
    internal void WakeAll() => Epoll.WakeAll(_epoll, _signal, SignalToken);
}
