using System.Net;
using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>Turns an endpoint of the options into bound sockets, and the system's refusals into one clear line.</summary>
internal static class Binding
{
    // As many as the system allows: a client whose connection finds no place tries again after a second only.
    private const int Backlog = int.MaxValue;
    private const int Attempts = 10;

    public static async Task<IReadOnlyList<Socket>> OpenAsync(Http2Endpoint endpoint, CancellationToken cancellation)
    {
        if (endpoint.UnixSocketPath is { } path)
            return [OpenUnix(path)];
        if (endpoint.Host is null)
            return [OpenAny(endpoint.Port)];
        var addresses = await ResolveAsync(endpoint.Host, cancellation).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return OpenAddresses(addresses, endpoint);
            }
            catch (Http2ListenException) when (endpoint.Port == 0 && addresses.Count > 1 && attempt < Attempts)
            {
                // The port that was free on one address is taken on another: try another port.
            }
        }
    }

    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address))
            return [address];
        try
        {
            var found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
            IPAddress[] usable = [.. found.Where(IsSupported).Distinct()];
            return usable.Length > 0 ? usable : throw new Http2ListenException($"cannot listen on {host}: the name has no address");
        }
        catch (SocketException failure)
        {
            throw new Http2ListenException($"cannot listen on {host}: the name cannot be resolved ({failure.Message})", failure);
        }
    }

    private static bool IsSupported(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => Socket.OSSupportsIPv4,
        AddressFamily.InterNetworkV6 => Socket.OSSupportsIPv6,
        _ => false,
    };

    private static List<Socket> OpenAddresses(IReadOnlyList<IPAddress> addresses, Http2Endpoint endpoint)
    {
        var sockets = new List<Socket>();
        var port = endpoint.Port;
        try
        {
            foreach (var address in addresses)
            {
                sockets.Add(Open(new IPEndPoint(address, port), $"{endpoint.Host}:{port}"));
                port = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
            }
            return sockets;
        }
        catch
        {
            sockets.ForEach(s => s.Dispose());
            throw;
        }
    }

    private static Socket OpenAny(int port) => Socket.OSSupportsIPv6
        ? Open(new IPEndPoint(IPAddress.IPv6Any, port), $"port {port}")
        : Open(new IPEndPoint(IPAddress.Any, port), $"port {port}");

    private static Socket Open(IPEndPoint at, string shown)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = at.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(at);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new Http2ListenException($"cannot listen on {shown}: {Reason(failure)}", failure);
        }
    }

    private static Socket OpenUnix(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var at = new UnixDomainSocketEndPoint(path);
            RemoveStale(at, path);
            socket.Bind(at);
            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            var reason = failure is SocketException refusal ? Reason(refusal) : failure.Message;
            throw new Http2ListenException($"cannot listen on unix:{path}: {reason}", failure);
        }
    }

    // A server that was killed leaves its socket file behind; nobody answers there any more.
    private static void RemoveStale(UnixDomainSocketEndPoint at, string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(at);
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    private static string Reason(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the address is already in use",
        SocketError.AddressNotAvailable => "the address is not one of this machine",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressFamilyNotSupported => "the address family is not supported on this machine",
        _ => failure.Message,
    };
}
