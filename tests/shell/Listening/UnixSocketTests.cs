using System.Net.Sockets;
using System.Runtime.InteropServices;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a server does to the path of its Unix domain socket, and what it leaves alone.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    private string Path => System.IO.Path.Combine(_temp.FullPath, "s");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("a file")]
    [InlineData("an empty file")]
    [InlineData("a directory")]
    [InlineData("a link to a file")]
    [InlineData("a link to nothing")]
    [InlineData("a link to a socket that nobody listens on")]
    [InlineData("a pipe")]
    public async Task What_is_no_socket_stays_as_it_is_and_starting_fails_with_one_line(string what)
    {
        Make(what);
        var before = FileIdentity.Of(Path);
        Assert.NotNull(before);
        var refused = await Assert.ThrowsAsync<Http2ListenException>(() => Server().StartAsync());
        Assert.StartsWith($"cannot listen on unix:{Path}: there is ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("of that name, which is left alone; remove it or choose another path", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, FileIdentity.Of(Path));
        Assert.Equal("content", what == "a file" ? File.ReadAllText(Path) : "content");
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_on_stays_also_when_its_queue_is_full()
    {
        using var other = Listening(backlog: 0);
        var waiting = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(Path));
            }
            catch (SocketException)
            {
                // The queue is full.
            }
        }
        var before = FileIdentity.Of(Path);
        var refused = await Assert.ThrowsAsync<Http2ListenException>(() => Server().StartAsync());
        Assert.Equal($"cannot listen on unix:{Path}: the address is already in use", refused.Message);
        Assert.Equal(before, FileIdentity.Of(Path));
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_socket_of_another_kind_stays()
    {
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        datagrams.Bind(new UnixSocketAddress(Path));
        var before = FileIdentity.Of(Path);
        await Assert.ThrowsAsync<Http2ListenException>(() => Server().StartAsync());
        Assert.Equal(before, FileIdentity.Of(Path));
    }

    [Fact]
    public async Task Of_servers_that_start_at_once_on_one_path_exactly_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            // What a server that was killed left behind.
            using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                dead.Bind(new UnixSocketAddress(Path));
            using var together = new Barrier(6);
            var servers = Enumerable.Range(0, 6).Select(_ => Server()).ToList();
            var outcomes = await Task.WhenAll(servers.Select(server => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return Record.Exception(() => server.StartAsync().GetAwaiter().GetResult());
                },
                TaskCreationOptions.LongRunning)));
            Assert.Single(outcomes, outcome => outcome is null);
            Assert.All(outcomes.OfType<Exception>(), outcome => Assert.IsType<Http2ListenException>(outcome));
            Assert.Equal("hello", await AskAsync());
            foreach (var server in servers)
                await server.StopAsync();
            Assert.Null(FileIdentity.Of(Path));
        }
    }

    [Theory]
    [InlineData("a file")]
    [InlineData("a directory")]
    [InlineData("a link to nothing")]
    [InlineData("nothing")]
    public async Task At_the_end_only_its_own_socket_is_removed(string what)
    {
        var server = Server();
        await server.StartAsync();
        File.Delete(Path);
        Make(what);
        var before = FileIdentity.Of(Path);
        await server.StopAsync();
        Assert.Equal(before, FileIdentity.Of(Path));
    }

    [Fact]
    public async Task At_the_end_the_socket_of_a_successor_stays()
    {
        var first = Server();
        await first.StartAsync();
        File.Delete(Path);
        await using var second = Server();
        await second.StartAsync();
        await first.StopAsync();
        Assert.Equal("hello", await AskAsync());
    }

    [Fact]
    public async Task A_relative_path_is_the_same_at_the_end_wherever_the_process_is_then()
    {
        // Not the process's own folder, which other tests use: what counts is that the full path is kept.
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, Path);
        var server = Server(relative);
        await server.StartAsync();
        Assert.NotNull(FileIdentity.Of(Path));
        await server.StopAsync();
        Assert.Null(FileIdentity.Of(Path));
    }

    [Fact]
    public async Task The_mode_is_set_before_anybody_can_connect()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        await using var server = Server(Path, Mode);
        await server.StartAsync();
        Assert.Equal(Mode, File.GetUnixFileMode(Path));
        Assert.Equal("hello", await AskAsync());
    }

    [Fact]
    public async Task A_name_of_the_systems_own_needs_no_file()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var name = $"\0http2-test-{Guid.NewGuid():n}";
        await using var server = Server(name);
        await server.StartAsync();
        Assert.Equal($"unix:@{name[1..]}", $"{server.Endpoints[0].Uri}");
        Assert.Equal("hello", await AskAsync(name));
        var refused = await Assert.ThrowsAsync<Http2ListenException>(() => Server(name).StartAsync());
        Assert.Equal($"cannot listen on unix:@{name[1..]}: the address is already in use", refused.Message);
    }

    [Fact]
    public async Task A_path_that_is_too_long_or_leads_nowhere_is_one_line()
    {
        var longest = System.IO.Path.Combine(_temp.FullPath, new string('x', 120));
        Assert.Contains("longer than the 107 octets", (await Assert.ThrowsAsync<Http2ListenException>(() => Server(longest).StartAsync())).Message);
        var nowhere = System.IO.Path.Combine(_temp.FullPath, "no", "such", "s");
        var refused = await Assert.ThrowsAsync<Http2ListenException>(() => Server(nowhere).StartAsync());
        Assert.StartsWith($"cannot listen on unix:{nowhere}: ", refused.Message, StringComparison.Ordinal);
    }

    private Http2Server Server(string? path = null, UnixFileMode? mode = null) => new(
        Serving.Loopback with { Endpoints = [new() { UnixSocketPath = path ?? Path, UnixSocketMode = mode }] },
        (_, _) => new(new Http2Response(200, [], "hello")));

    private Socket Listening(int backlog)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixSocketAddress(Path));
        socket.Listen(backlog);
        return socket;
    }

    private async Task<string> AskAsync(string? path = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path ?? Path)).Soon();
        await using var client = await RawClient.OverAsync(new NetworkStream(socket, ownsSocket: true));
        return await client.Text(await client.RequestAsync("/"));
    }

    private void Make(string what)
    {
        switch (what)
        {
            case "nothing":
                break;
            case "a file":
                File.WriteAllText(Path, "content");
                break;
            case "an empty file":
                File.WriteAllText(Path, "");
                break;
            case "a directory":
                Directory.CreateDirectory(Path);
                break;
            case "a link to a file":
                _temp.Write("file", "content");
                File.CreateSymbolicLink(Path, "file");
                break;
            case "a link to nothing":
                File.CreateSymbolicLink(Path, "nothing");
                break;
            case "a link to a socket that nobody listens on":
                using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                    dead.Bind(new UnixSocketAddress(System.IO.Path.Combine(_temp.FullPath, "dead")));
                File.CreateSymbolicLink(Path, "dead");
                break;
            case "a pipe":
                Assert.Equal(0, mkfifo(Path, 0x1b6));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int mkfifo(string path, uint mode);
}
