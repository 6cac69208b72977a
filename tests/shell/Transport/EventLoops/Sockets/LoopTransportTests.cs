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
    /// What goes on with the first octets may be a handler that blocks, and who asks for them is the thread that accepts connections. Until
    /// that thread says so nothing is heard of the socket, and then it is a thread of the loops that brings them.
    /// </summary>
    [Fact]
    public async Task The_first_octets_come_from_another_thread_even_when_they_are_there_already()
    {
        using var loops = new EventLoops(1);
        using var listener = Listen();
        for (var i = 0; i < 20; i++)
        {
            using var client = await ConnectAsync(listener);
            client.Send([1, 2, 3]);
            var transport = new LoopTransport(Accept(listener), loops);
            var receiving = transport.ReceiveAsync(new byte[10]);
            Assert.False(receiving.IsCompleted);
            var thread = new TaskCompletionSource<string?>();
            receiving.GetAwaiter().OnCompleted(() => thread.SetResult(Thread.CurrentThread.Name));
            Assert.False(thread.Task.IsCompleted);
            transport.Begin();
            Assert.Equal("http2-loop", await thread.Task.Soon());
            Assert.Equal(3, await receiving);
            transport.Close();
        }
    }

    [Fact]
    public async Task One_that_was_closed_before_it_began_is_heard_of_no_more_and_its_receive_fails()
    {
        using var loops = new EventLoops(1);
        using var listener = Listen();
        using var client = await ConnectAsync(listener);
        var transport = new LoopTransport(Accept(listener), loops);
        var receiving = transport.ReceiveAsync(new byte[10]).AsTask();
        transport.Close();
        Assert.Throws<ObjectDisposedException>(transport.Begin);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.Soon());
    }

    [Fact]
    public async Task Octets_are_told_of_and_left_where_they_are_when_there_is_no_room_for_them()
    {
        using var loops = new EventLoops(1);
        using var listener = Listen();
        using var client = await ConnectAsync(listener);
        var transport = new LoopTransport(Accept(listener), loops);
        var waiting = transport.ReceiveAsync(default);
        transport.Begin();
        for (byte round = 1; round < 5; round++)
        {
            Assert.False(waiting.IsCompleted);
            client.Send([round, 2, 3]);
            Assert.Equal(0, await waiting.AsTask().Soon());
            var octets = new byte[10];
            Assert.Equal(3, await transport.ReceiveAsync(octets));
            Assert.Equal([round, 2, 3], octets[..3]);
            waiting = transport.ReceiveAsync(default);
        }
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await waiting.AsTask().Soon());
        Assert.Equal(0, await transport.ReceiveAsync(new byte[10]));
        transport.Close();
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static async Task<Socket> ConnectAsync(Socket listener)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return client;
    }

    private static NativeSocket Accept(Socket listener)
    {
        Assert.Equal(
            AcceptOutcome.Accepted,
            NativeSocket.Accept(listener.SafeHandle, new SocketAddress(AddressFamily.InterNetwork), out var socket));
        return socket!;
    }
}
