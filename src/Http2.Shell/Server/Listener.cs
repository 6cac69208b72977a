using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>A socket that listens, and the loop that accepts from it.</summary>
internal sealed class Listener
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Http2Tls? _tls;
    private readonly ConnectionHost _host;
    private readonly ConnectionStarter _starter;
    private readonly bool _hasOneAddress;
    private LoopAcceptor? _acceptor;
    private volatile bool _closed;

    private Listener(Socket socket, Http2Tls? tls, ConnectionHost host, ConnectionStarter starter)
    {
        (_socket, _tls, _host, _starter) = (socket, tls, host, starter);
        _hasOneAddress = socket.LocalEndPoint is not IPEndPoint at || !(at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any));
        Bound = new Http2BoundEndpoint(socket.LocalEndPoint!, tls is not null, Link(socket.LocalEndPoint!, tls is not null));
    }

    public Http2BoundEndpoint Bound { get; }

    /// <summary>Opens the listeners of all endpoints, or none.</summary>
    public static async Task<List<Listener>> OpenAllAsync(
        Http2ServerOptions options, ConnectionHost host, ConnectionStarter starter, CancellationToken cancellation)
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
            _acceptor = new LoopAcceptor(_socket, loops, Take, TakeBreath);
        else
            _ = AcceptAsync();
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        if (OperatingSystem.IsLinux())
            _acceptor?.Close();
        _socket.Dispose();
        if (Bound.EndPoint is UnixDomainSocketEndPoint unix)
            File.Delete(unix.ToString());
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
                // Out of descriptors, mostly: what is open goes on, and after a breath there may be room again.
                Log.AcceptFailed(_host.Logger, failure);
                await Task.Delay(Breath, _host.Options.TimeProvider).ConfigureAwait(false);
            }
        }
    }

    [SupportedOSPlatform("linux")]
    private void Take(NativeSocket socket, EndPoint? remote)
    {
        if (!TryReserve(remote))
        {
            socket.Dispose();
            return;
        }
        LoopTransport transport;
        try
        {
            transport = new LoopTransport(socket, _host.Loops!);
        }
        catch
        {
            socket.Dispose();
            _host.Connections.Release();
            throw;
        }
        _starter.Start(transport, _hasOneAddress ? Bound.EndPoint : socket.LocalEndPoint(Bound.EndPoint), remote, _tls);
    }

    private void Take(Socket socket)
    {
        var remote = Remote(socket);
        if (!TryReserve(remote))
            socket.Dispose();
        else
            _starter.Start(new SocketTransport(socket), socket.LocalEndPoint, remote, _tls);
    }

    private bool TryReserve(EndPoint? remote)
    {
        if (_host.Connections.TryReserve(_host.Options.MaxConnections))
            return true;
        if (_host.Memory.TurnsAway)
            _host.Relief.TellRefused(_host.Clock.At(_host.Clock.Timestamp));
        else
            Log.TooManyConnections(_host.Logger, remote, _host.Options.MaxConnections);
        return false;
    }

    [SupportedOSPlatform("linux")]
    private void TakeBreath(LoopAcceptor acceptor, Exception failure)
    {
        Log.AcceptFailed(_host.Logger, failure);
        _ = GoOnAsync();

        async Task GoOnAsync()
        {
            await Task.Delay(Breath, _host.Options.TimeProvider).ConfigureAwait(false);
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
