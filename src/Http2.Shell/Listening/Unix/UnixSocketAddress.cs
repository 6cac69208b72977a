using System.Net;
using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>
/// The address of a Unix domain socket. The framework's own class of address has a socket delete the file of that name when the socket is closed,
/// even when the file is another server's by then.
/// </summary>
internal sealed class UnixSocketAddress(string path) : EndPoint
{
    private readonly UnixDomainSocketEndPoint _address = new(path);

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => _address.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => _address.Create(socketAddress);

    public override string ToString() => _address.ToString();
}
