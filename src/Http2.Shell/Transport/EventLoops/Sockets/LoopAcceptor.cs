using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Accepts on the event loops: the thread that hears of connections takes all that are there, and they begin to wait for their first octets.
/// Nothing is handed to another thread, and nothing that can block is done. When no descriptor is left, a spare one serves to take what waits
/// and refuse it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopAcceptor : IReadiness
{
    // Losses in a row after which the acceptor pauses: something is wrong with the network.
    private const int MostLosses = 64;

    private readonly Socket _listener;
    private readonly EventLoops _loops;
    private readonly Action<NativeSocket, EndPoint?> _take;
    private readonly Action<LoopAcceptor, AcceptOutcome> _onFailure;
    private readonly SocketAddress _remote;
    private readonly EndPoint _like;
    private readonly SpareDescriptor _spare;
    private readonly ulong _token;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _edges;
    private volatile bool _finishing;
    private volatile bool _closed;

    /// <summary>Begins to accept.</summary>
    /// <param name="listener">The listening socket, closed by whoever has opened it once this is closed.</param>
    /// <param name="loops">The threads.</param>
    /// <param name="take">Gets each connection and its client's address. Must not block.</param>
    /// <param name="onFailure">
    /// Is told of each connection that was refused for want of a descriptor, and of anything else for which nothing is tried again before
    /// <see cref="GoOn"/>. Must not block.
    /// </param>
    public LoopAcceptor(
        Socket listener, EventLoops loops, Action<NativeSocket, EndPoint?> take, Action<LoopAcceptor, AcceptOutcome> onFailure)
    {
        (_listener, _loops, _take, _onFailure) = (listener, loops, take, onFailure);
        _like = listener.LocalEndPoint!;
        _remote = new SocketAddress(_like.AddressFamily);
        _spare = new SpareDescriptor(() => loops.Settings.Refuses(Scarce.File));
        _spare.TryTake();
        listener.Blocking = false;
        _token = loops.Register((int)listener.Handle, this);
    }

    // Long by the number of connections, never by one of them.
    public WorkWeight Weight => WorkWeight.Light;

    public void Note(WorkWeight seen)
    {
    }

    public void OnReady(uint events) => GoOn();

    /// <summary>Accepts what is there, unless another thread does, which then looks again.</summary>
    public void GoOn()
    {
        if (Interlocked.Increment(ref _edges) != 1)
            return;
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _edges);
                AcceptAll();
            }
            while (Interlocked.CompareExchange(ref _edges, 0, seen) != seen);
        }
        catch
        {
            // such as no memory for the connection: the next one that comes is tried, else nobody would accept any more
            Volatile.Write(ref _edges, 0);
            throw;
        }
        finally
        {
            if (_finishing)
                _finished.TrySetResult();
        }
    }

    /// <summary>Accepts what is there once more; completes when that was handed on, by whichever thread.</summary>
    public Task FinishAsync()
    {
        _finishing = true;
        GoOn();
        return _finished.Task;
    }

    public void Close()
    {
        _closed = true;
        _loops.Unregister(_token);
        _spare.Dispose();
    }

    private void AcceptAll()
    {
        for (var losses = 0; !_closed && losses < MostLosses;)
        {
            var outcome = AcceptOne();
            losses = outcome == AcceptOutcome.Lost ? losses + 1 : 0;
            if (outcome == AcceptOutcome.NoDescriptor)
                outcome = RefuseOne();
            if (outcome is AcceptOutcome.None or AcceptOutcome.Closed || _closed)
                return;
            if (outcome == AcceptOutcome.NoMemory || losses == MostLosses)
            {
                _onFailure(this, outcome);
                return;
            }
        }
    }

    private AcceptOutcome AcceptOne()
    {
        var outcome = TryAccept(out var socket);
        if (socket is null)
            return outcome;
        if (LastDescriptors.Include((int)socket.DangerousGetHandle()))
        {
            // Those are the runtime's.
            socket.Dispose();
            _onFailure(this, AcceptOutcome.NoDescriptor);
        }
        else
        {
            _take(socket, _like.Create(_remote));
        }
        return outcome;
    }

    /// <summary>Takes a connection in the place of the spare descriptor and closes it.</summary>
    private AcceptOutcome RefuseOne()
    {
        // Without the spare one there is nothing to be done but to wait for room.
        if (!_spare.TryTake())
            return AcceptOutcome.NoMemory;
        _spare.TryGiveUp();
        var outcome = TryAccept(out var socket);
        socket?.Dispose();
        _spare.TryTake();
        if (outcome == AcceptOutcome.Accepted)
            _onFailure(this, AcceptOutcome.NoDescriptor);
        // Somebody else was quicker to take it: then there may be room later.
        return outcome == AcceptOutcome.NoDescriptor ? AcceptOutcome.NoMemory : outcome;
    }

    private AcceptOutcome TryAccept(out NativeSocket? socket)
    {
        socket = null;
        try
        {
            return _loops.Settings.Refuses(Scarce.Descriptor)
                ? AcceptOutcome.NoDescriptor
                : NativeSocket.Accept(_listener.SafeHandle, _remote, out socket);
        }
        catch (ObjectDisposedException)
        {
            // The listening socket went away meanwhile.
            return AcceptOutcome.Closed;
        }
    }
}
