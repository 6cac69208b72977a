using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Accepts on the event loops: the thread that hears of connections takes all that are there, and they begin to wait for their first octets.
/// Nothing is handed to another thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopAcceptor : IReadiness
{
    private readonly Socket _listener;
    private readonly EventLoops _loops;
    private readonly Action<NativeSocket, EndPoint?> _take;
    private readonly Action<LoopAcceptor, Exception> _onFailure;
    private readonly SocketAddress _remote;
    private readonly EndPoint _like;
    private readonly ulong _token;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _edges;
    private volatile bool _finishing;
    private volatile bool _closed;

    /// <summary>Begins to accept.</summary>
    /// <param name="listener">The listening socket, closed by whoever has opened it once this is closed.</param>
    /// <param name="loops">The threads.</param>
    /// <param name="take">Gets each connection and its client's address.</param>
    /// <param name="onFailure">Is told when no connection can be accepted; nothing is tried again before <see cref="GoOn"/>.</param>
    public LoopAcceptor(
        Socket listener, EventLoops loops, Action<NativeSocket, EndPoint?> take, Action<LoopAcceptor, Exception> onFailure)
    {
        (_listener, _loops, _take, _onFailure) = (listener, loops, take, onFailure);
        _like = listener.LocalEndPoint!;
        _remote = new SocketAddress(_like.AddressFamily);
        listener.Blocking = false;
        _token = loops.Register((int)listener.Handle, this);
    }

    public void OnReady(uint events) => GoOn();

    /// <summary>Accepts what is there, unless another thread does, which then looks again.</summary>
    public void GoOn()
    {
        if (Interlocked.Increment(ref _edges) != 1)
            return;
        int seen;
        do
        {
            seen = Volatile.Read(ref _edges);
            AcceptAll();
        }
        while (Interlocked.CompareExchange(ref _edges, 0, seen) != seen);
        if (_finishing)
            _finished.TrySetResult();
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
    }

    private void AcceptAll()
    {
        try
        {
            while (!_closed && NativeSocket.Accept(_listener.SafeHandle, _remote) is { } socket)
                _take(socket, _like.Create(_remote));
        }
        catch (Exception) when (_closed)
        {
            // The listening socket went away meanwhile.
        }
        catch (Exception failure)
        {
            _onFailure(this, failure);
        }
    }
}
