using System.Net;
using System.Net.Sockets;
using Http2.Shell;

namespace Http2.Interleavings;

/// <summary>Event loops over the descriptors of a scenario's kernel, with connections that were accepted from there.</summary>
internal sealed class LoopRun
{
    private readonly Scenario _scenario;
    private readonly int _listener;
    private readonly SocketAddress _remote = new IPEndPoint(IPAddress.Loopback, 0).Serialize();

    /// <param name="scenario">The scenario.</param>
    /// <param name="threads">How many threads serve.</param>
    /// <param name="spare">How many are parked.</param>
    public LoopRun(Scenario scenario, int threads, int spare = 0)
    {
        _scenario = scenario;
        _listener = scenario.Kernel.Listen();
        Loops = new EventLoops(new LoopSettings(threads)
        {
            Limit = threads + spare,
            Spare = spare,
            // none is to be had beyond those
            ThreadsLeft = static () => 0,
            OnFault = failure => scenario.Check(isSo: false, $"{failure}"),
        });
    }

    public EventLoops Loops { get; }

    /// <summary>A connection, and the peer at its other end.</summary>
    public (LoopTransport Transport, KernelPeer Peer) Accept(int room = 64 * 1024)
    {
        var peer = _scenario.Kernel.Connect(_listener, room);
        using var listener = new SafeSocketHandle(_listener, ownsHandle: false);
        NativeSocket.Accept(listener, _remote, out var socket);
        return (new LoopTransport(socket!, Loops), peer);
    }
}

/// <summary>Receives from a transport, again and again, as a connection does: each time what waits has come, the next receive begins.</summary>
/// <param name="transport">The transport.</param>
/// <param name="size">The size of the buffer.</param>
internal sealed class Receiver(Scenario scenario, ITransport transport, int size)
{
    private readonly byte[] _buffer = new byte[size];
    private int _inside;

    /// <summary>What has come.</summary>
    public List<byte> Octets { get; } = [];

    /// <summary>Whether the end has come, or a failure.</summary>
    public bool HasEnded { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Begins.</summary>
    public void Receive()
    {
        scenario.Check(Interlocked.Increment(ref _inside) == 1, "Two threads receive at once.");
        while (!HasEnded)
        {
            var awaiter = transport.ReceiveAsync(_buffer).GetAwaiter();
            if (!awaiter.IsCompleted)
            {
                Interlocked.Decrement(ref _inside);
                awaiter.UnsafeOnCompleted(() =>
                {
                    scenario.Check(Interlocked.Increment(ref _inside) == 1, "Two threads receive at once.");
                    Take(awaiter);
                    Interlocked.Decrement(ref _inside);
                    Receive();
                });
                return;
            }
            Take(awaiter);
        }
        Interlocked.Decrement(ref _inside);
    }

    private void Take(System.Runtime.CompilerServices.ValueTaskAwaiter<int> awaiter)
    {
        try
        {
            var count = awaiter.GetResult();
            HasEnded = count == 0;
            Octets.AddRange(_buffer.AsSpan(0, count));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            (HasEnded, Failure) = (true, failure);
        }
    }
}
