using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>A socket that listens, and the loop that accepts from it.</summary>
internal sealed class Listener
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly BoundSocket _bound;
    private readonly Socket _socket;
    private readonly Http2Tls? _tls;
    private readonly ServerHost _host;
    private readonly ConnectionStarter _starter;
    private readonly bool _hasOneAddress;
    private LoopAcceptor? _acceptor;
    private volatile bool _closed;

    private Listener(BoundSocket bound, Http2Tls? tls, ServerHost host, ConnectionStarter starter)
    {
        var socket = bound.Socket;
        _bound = bound;
        (_socket, _tls, _host, _starter) = (socket, tls, host, starter);
        _hasOneAddress = socket.LocalEndPoint is not IPEndPoint at || !(at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any));
        Bound = new Http2BoundEndpoint(socket.LocalEndPoint!, tls is not null, Link(socket.LocalEndPoint!, tls is not null));
    }

    public Http2BoundEndpoint Bound { get; }

    /// <summary>Opens the listeners of all endpoints, or none.</summary>
    public static async Task<List<Listener>> OpenAllAsync(
        Http2ServerOptions options, ServerHost host, ConnectionStarter starter, CancellationToken cancellation)
    {
        var listeners = new List<Listener>();
        try
        {
            foreach (var endpoint in OptionRules.Endpoints(options))
            {
                foreach (var socket in await Binding.OpenAsync(endpoint, cancellation).ConfigureAwait(false))
                    listeners.Add(new Listener(socket, endpoint.Tls, host, starter));
            }
            return listeners;
        }
        catch
        {
            listeners.ForEach(l => l.Close());
            throw;
        }
    }

    public void Accept()
    {
        // Accepted sockets have it from the one that listens.
        if (_socket.ProtocolType == ProtocolType.Tcp)
            _socket.NoDelay = true;
        if (OperatingSystem.IsLinux() && _host.Loops is { } loops)
            _acceptor = OpenAcceptor(loops);
        else
            _ = AcceptAsync();
    }

    /// <summary>
    /// Accepts the connections that the kernel has completed, and has it complete no more, so that <see cref="Close"/> resets none; completes when
    /// all are accepted.
    /// </summary>
    public async Task FinishAsync()
    {
        try
        {
            _bound.File?.Remove();
            if (OperatingSystem.IsLinux() && _socket.ProtocolType == ProtocolType.Tcp)
                ListenQueue.Shut(_socket);
            if (OperatingSystem.IsLinux() && _acceptor is not null)
                await _acceptor.FinishAsync().ConfigureAwait(false);
            else
                AcceptRest();
        }
        catch (Exception failure)
        {
            ServerLog.AcceptFailed(_host, failure.Message);
        }
    }

    private void AcceptRest()
    {
        _socket.Blocking = false;
        try
        {
            while (true)
                Take(_socket.Accept());
        }
        catch (SocketException none) when (none.SocketErrorCode == SocketError.WouldBlock)
        {
            // That was all.
        }
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        if (OperatingSystem.IsLinux())
            _acceptor?.Close();
        _bound.Close();
    }

    private static Uri Link(EndPoint at, bool tls) => at switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } v6 => new Uri($"{Scheme(tls)}://[{v6.Address}]:{v6.Port}"),
        IPEndPoint v4 => new Uri($"{Scheme(tls)}://{v4.Address}:{v4.Port}"),
        _ => new Uri($"unix:{at}"),
    };

    private static string Scheme(bool tls) => tls ? "https" : "http";

    private async Task AcceptAsync()
    {
        while (!_closed)
        {
            try
            {
                Take(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (Exception) when (_closed)
            {
                return;
            }
            catch (Exception failure)
            {
                // Mostly for want of descriptors: connections that are open go on, and after a pause there may be room again.
                ServerLog.AcceptFailed(_host, failure.Message);
                await Task.Delay(Breath, _host.Time).ConfigureAwait(false);
            }
        }
    }

    [SupportedOSPlatform("linux")]
    private LoopAcceptor OpenAcceptor(EventLoops loops)
    {
        try
        {
            return new LoopAcceptor(_socket, loops, Take, OnFailure);
        }
        catch (IOException failure)
        {
            throw Http2ShortageException.OfDescriptors(failure);
        }
    }

    // On the thread that accepts: nothing here may block, nor may what it starts.
    [SupportedOSPlatform("linux")]
    private void Take(NativeSocket socket, EndPoint? remote)
    {
        if (!TryReserve(remote))
        {
            socket.Dispose();
            return;
        }
        var transport = new LoopTransport(socket, _host.Loops!);
        _starter.Start(transport, _hasOneAddress ? Bound.Address : socket.LocalEndPoint(Bound.Address), remote, _tls);
        try
        {
            transport.Begin();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Whoever waits for its first octets sees that, and gives its place back.
            transport.Close();
            if (failure is IOException)
                ServerLog.AcceptFailed(_host, failure.Message);
        }
    }

    private void Take(Socket socket)
    {
        var remote = Remote(socket);
        if (!TryReserve(remote))
            socket.Dispose();
        else
            _starter.Start(new SocketTransport(socket, _host.Time), socket.LocalEndPoint, remote, _tls);
    }

    private bool TryReserve(EndPoint? remote)
    {
        if (_host.Connections.TryReserve(_host.MaxConnections))
            return true;
        if (_host.Engine.Memory.TurnsAway)
            ServerLog.NoMemoryForConnections(_host);
        else
            ServerLog.TooManyConnections(_host, remote);
        return false;
    }

    [SupportedOSPlatform("linux")]
    private void OnFailure(LoopAcceptor acceptor, AcceptOutcome outcome)
    {
        ServerLog.AcceptFailed(_host, outcome switch
        {
            AcceptOutcome.NoDescriptor => "no descriptor is left, and the connections were closed at once; raise RLIMIT_NOFILE (ulimit -n)",
            AcceptOutcome.NoMemory => "the kernel has no memory or no descriptor for them",
            _ => "each was lost before it could be accepted",
        });
        // Those that were refused are gone, and the next one is tried when it comes.
        if (outcome != AcceptOutcome.NoDescriptor)
            _ = GoOnAsync();

        async Task GoOnAsync()
        {
            await Task.Delay(Breath, _host.Time).ConfigureAwait(false);
            acceptor.GoOn();
        }
    }

    private static EndPoint? Remote(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            // Gone before it was served.
            return null;
        }
    }
}
