using System.Net.Sockets;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary><c>http2 serve</c> as a process that people look into with the runtime's tools.</summary>
public sealed class DiagnosticsTests
{
    [Fact]
    public async Task Tools_of_the_runtime_reach_a_server()
    {
        await using var server = await ServeProcess.StartAsync();
        var sockets = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{server.Id}-*-socket");
        // A process that had the same number before may have left one that nobody listens on.
        Assert.Contains(sockets, IsListening);
    }

    private static bool IsListening(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
