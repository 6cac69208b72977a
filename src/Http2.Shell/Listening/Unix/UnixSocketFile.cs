using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>
/// The name of a listening Unix domain socket in the file system. Nothing that is there already is touched, but a socket on which nobody
/// listens any more: a server that was killed leaves its own behind. At the end the name is removed as long as it is still this socket's.
/// Servers that begin or end with names in one folder do so one after the other.
/// </summary>
internal sealed class UnixSocketFile
{
    // Between the moment when a socket is bound and the moment when it listens nobody answers there either.
    private static readonly TimeSpan BindToListen = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly FileIdentity? _identity;

    private UnixSocketFile(string path, FileIdentity? identity) => (_path, _identity) = (path, identity);

    /// <summary>Binds a socket to a path and listens.</summary>
    /// <param name="socket">A socket that is not bound.</param>
    /// <param name="path">The path.</param>
    /// <param name="mode">Who may connect, or null for what the process's mask leaves. It holds before anybody can.</param>
    /// <param name="backlog">How many connections may wait.</param>
    /// <exception cref="IOException">There is something that is not replaced; the message says what.</exception>
    /// <exception cref="SocketException">Somebody listens there, or the system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The path is not ours to use.</exception>
    public static UnixSocketFile Listen(Socket socket, string path, UnixFileMode? mode, int backlog)
    {
        // The folder that a relative path means now is the one it means at the end.
        var full = Path.GetFullPath(path);
        var at = new UnixSocketAddress(path);
        using var gate = OperatingSystem.IsLinux() ? DirectoryLock.TryTake(Path.GetDirectoryName(full)!, LockPatience) : null;
        MakeRoom(at, full, gate is not null);
        socket.Bind(at);
        var file = new UnixSocketFile(full, FileIdentity.Of(full));
        try
        {
            // Nobody can connect before it listens.
            if (mode is { } wanted && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(full, wanted);
            socket.Listen(backlog);
            return file;
        }
        catch
        {
            file.RemoveUnlocked();
            throw;
        }
    }

    /// <summary>
    /// Removes the name unless it stands for something else by now. Call it while the socket is open still: until then the number of its
    /// file is not given to another one.
    /// </summary>
    public void Remove()
    {
        using var gate = OperatingSystem.IsLinux() ? DirectoryLock.TryTake(Path.GetDirectoryName(_path)!, LockPatience) : null;
        RemoveUnlocked();
    }

    private void RemoveUnlocked()
    {
        try
        {
            if (FileIdentity.Of(_path) == _identity && _identity is not null)
                File.Delete(_path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The name stays behind, and whoever starts next finds that nobody listens there.
        }
    }

    private static void MakeRoom(UnixSocketAddress at, string full, bool isLocked)
    {
        if (FileIdentity.Of(full) is not { } found)
            return;
        if (found.Kind != FileIdentityKind.Socket)
            throw new IOException($"there is {Name(found.Kind)} of that name, which is left alone; remove it or choose another path");
        if (IsAnybodyThere(at))
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        if (!isLocked)
            throw new IOException("nobody listens there, but the socket cannot be replaced safely: its folder cannot be locked; remove it");
        Thread.Sleep(BindToListen);
        if (IsAnybodyThere(at) || FileIdentity.Of(full) is { } now && now != found)
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        File.Delete(full);
    }

    private static bool IsAnybodyThere(UnixSocketAddress at)
    {
        // Does not wait: a server whose queue is full is there.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(at);
            return true;
        }
        catch (SocketException refusal)
        {
            // Refused, or gone meanwhile.
            return refusal.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
    }

    private static string Name(FileIdentityKind kind) => kind switch
    {
        FileIdentityKind.Link => "a symbolic link",
        FileIdentityKind.Directory => "a directory",
        FileIdentityKind.File => "a file",
        _ => OperatingSystem.IsLinux() ? "a pipe or a device" : "something",
    };
}
