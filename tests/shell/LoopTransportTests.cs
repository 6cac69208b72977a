using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A socket on the event loops.</summary>
[SupportedOSPlatform("linux")]
public sealed class LoopTransportTests
{
    /// <summary>
    /// What goes on with the first octets may be a handler that blocks, and who asks for them is the thread that accepts connections. Another
    /// thread brings them, so at the return of the call they are there by chance at most.
    /// </summary>
    [Fact]
    public async Task The_first_octets_come_from_another_thread_even_when_they_are_there_already()
    {
        using var loops = new EventLoops(1);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var atOnce = new List<bool>();
        for (var i = 0; i < 20; i++)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndPoint!);
            client.Send([1, 2, 3]);
            var transport = new LoopTransport(NativeSocket.Accept(listener.SafeHandle, new SocketAddress(AddressFamily.InterNetwork))!, loops);
            // as a loop's thread does that was quicker than whoever has accepted
            transport.OnReady(Epoll.In);
            var receiving = transport.ReceiveAsync(new byte[10]);
            atOnce.Add(receiving.IsCompleted);
            Assert.Equal(3, await receiving.AsTask().Soon());
            transport.Close();
        }
        Assert.Contains(false, atOnce);
    }
}
