using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Http2.Shell;

/// <summary>A socket that listens, and its name in the file system when it has one.</summary>
internal readonly record struct BoundSocket(Socket Socket, UnixSocketFile? File)
{
    /// <summary>Closes it, and removes its name before.</summary>
    public void Close()
    {
        File?.Remove();
        Socket.Dispose();
    }
}

/// <summary>Turns an endpoint of the options into bound sockets, and the system's refusals into one clear line.</summary>
internal static class Binding
{
    // As many as the system allows: a client whose connection finds no place tries again after a second only.
    private const int Backlog = int.MaxValue;
    private const int Attempts = 10;

    // What the system has room for, less the zero at the end.
    private const int LongestUnixPath = 107;

    public static async Task<IReadOnlyList<BoundSocket>> OpenAsync(Http2Endpoint endpoint, CancellationToken cancellation)
    {
        if (endpoint.UnixSocketPath is { } path)
            return [OpenUnix(path, endpoint.UnixSocketMode)];
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

    private static List<BoundSocket> OpenAddresses(IReadOnlyList<IPAddress> addresses, Http2Endpoint endpoint)
    {
        var sockets = new List<BoundSocket>();
        var port = endpoint.Port;
        try
        {
            foreach (var address in addresses)
            {
                sockets.Add(Open(new IPEndPoint(address, port), $"{endpoint.Host}:{port}"));
                port = ((IPEndPoint)sockets[0].Socket.LocalEndPoint!).Port;
            }
            return sockets;
        }
        catch
        {
            sockets.ForEach(s => s.Close());
            throw;
        }
    }

    private static BoundSocket OpenAny(int port) => Socket.OSSupportsIPv6
        ? Open(new IPEndPoint(IPAddress.IPv6Any, port), $"port {port}")
        : Open(new IPEndPoint(IPAddress.Any, port), $"port {port}");

    private static BoundSocket Open(IPEndPoint at, string shown)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = at.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(at);
            socket.Listen(Backlog);
            return new BoundSocket(socket, null);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new Http2ListenException($"cannot listen on {shown}: {Reason(failure)}", failure);
        }
    }

    private static BoundSocket OpenUnix(string path, UnixFileMode? mode)
    {
        // On Linux a name that begins with a zero octet is an abstract address and no file (unix(7)).
        var isAbstract = path[0] == '\0';
        var shown = isAbstract ? $"unix:@{path[1..]}" : $"unix:{path}";
        if (Encoding.UTF8.GetByteCount(path) > LongestUnixPath)
            throw new Http2ListenException($"cannot listen on {shown}: the path is longer than the {LongestUnixPath} octets that sockets can have");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (!isAbstract)
                return new BoundSocket(socket, UnixSocketFile.Listen(socket, path, mode, Backlog));
            socket.Bind(new UnixSocketAddress(path));
            socket.Listen(Backlog);
            return new BoundSocket(socket, null);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            var reason = failure is SocketException refusal ? Reason(refusal) : failure.Message.TrimEnd('.');
            throw new Http2ListenException($"cannot listen on {shown}: {reason}", failure);
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
