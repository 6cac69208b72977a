using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>
/// A connected stream socket that never waits, straight over the calls of Linux. A <see cref="Socket"/> costs four more calls of the kernel
/// for each connection, and several objects. Closing waits for the calls in flight, on any thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class NativeSocket : SafeHandleMinusOneIsInvalid
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, NoSignal = 0x4000, ShutdownSend = 1;
    private const int Interrupted = 4, Again = 11, InProgress = 115;
    private const int Stream = 1, SocketLevel = 1, SocketError = 4, Tcp = 6, NoDelay = 1;

    // The numbers of Linux for families of addresses; .NET has its own for two of them.
    private const int FamilyUnix = 1, FamilyV4 = 2, FamilyV6 = 10;

    private NativeSocket(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The descriptor, as long as the socket is open.</summary>
    internal int Descriptor => (int)handle;

    /// <summary>Accepts a connection.</summary>
    /// <param name="listener">A listening socket that does not wait.</param>
    /// <param name="remote">Where the client's address goes.</param>
    /// <param name="socket">The connection, or null.</param>
    /// <returns>What came of it.</returns>
    internal static unsafe AcceptOutcome Accept(SafeSocketHandle listener, SocketAddress remote, out NativeSocket? socket)
    {
        socket = null;
        int accepted;
        var length = remote.Buffer.Length;
        fixed (byte* address = remote.Buffer.Span)
            accepted = accept4(listener, address, &length, NonBlocking | CloseOnExec);
        if (accepted < 0)
            return AcceptErrors.Judge(Marshal.GetLastPInvokeError());
        remote.Size = Math.Min(length, remote.Buffer.Length);
        socket = new NativeSocket(accepted);
        return AcceptOutcome.Accepted;
    }

    /// <summary>Begins to connect; the socket is connected, or has failed, once it is ready to be written to.</summary>
    /// <param name="to">Where to: an IP address, or the path of a Unix domain socket.</param>
    /// <exception cref="IOException">It has failed at once.</exception>
    internal static unsafe NativeSocket Connect(EndPoint to)
    {
        var family = to.AddressFamily switch
        {
            AddressFamily.InterNetwork => FamilyV4,
            AddressFamily.InterNetworkV6 => FamilyV6,
            _ => FamilyUnix,
        };
        var descriptor = socket(family, Stream | NonBlocking | CloseOnExec, 0);
        if (descriptor < 0)
            throw Failure(Marshal.GetLastPInvokeError());
        var made = new NativeSocket(descriptor);
        var on = 1;
        if (family != FamilyUnix)
            _ = setsockopt(made, Tcp, NoDelay, &on, sizeof(int));
        var address = to.Serialize();
        fixed (byte* start = address.Buffer.Span)
        {
            if (connect(made, start, address.Size) == 0 || Marshal.GetLastPInvokeError() is InProgress or Interrupted)
                return made;
        }
        var error = Marshal.GetLastPInvokeError();
        made.Dispose();
        throw Failure(error);
    }

    /// <exception cref="IOException">It could not be connected.</exception>
    internal unsafe void ThrowIfNotConnected()
    {
        int error, length = sizeof(int);
        if (getsockopt(this, SocketLevel, SocketError, &error, &length) != 0)
            error = Marshal.GetLastPInvokeError();
        if (error != 0)
            throw Failure(error);
    }

    /// <summary>Our address, or null.</summary>
    /// <param name="like">An address of the same family.</param>
    internal unsafe EndPoint? LocalEndPoint(EndPoint like)
    {
        var local = new SocketAddress(like.AddressFamily);
        var length = local.Buffer.Length;
        fixed (byte* address = local.Buffer.Span)
        {
            if (getsockname(this, address, &length) != 0)
                return null;
        }
        local.Size = Math.Min(length, local.Buffer.Length);
        return like.Create(local);
    }

    /// <summary>Receives what is there.</summary>
    /// <returns>How many octets, 0 at the end, -1 when there are none now.</returns>
    /// <exception cref="IOException">The connection has failed.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal unsafe int Receive(Span<byte> octets)
    {
        nint result;
        fixed (byte* start = octets)
        {
            do
                result = recv(this, start, octets.Length, 0);
            while (IsInterrupted(result));
        }
        return Outcome(result);
    }

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>How many octets, -1 when there is no room now.</returns>
    /// <exception cref="IOException">The connection has failed.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal unsafe int Send(ReadOnlySpan<byte> octets)
    {
        nint result;
        fixed (byte* start = octets)
        {
            do
                result = send(this, start, octets.Length, NoSignal);
            while (IsInterrupted(result));
        }
        return Outcome(result);
    }

    /// <summary>Tells the peer that nothing more will be sent.</summary>
    internal void FinishSending()
    {
        if (shutdown(this, ShutdownSend) != 0)
            throw Failure(Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => close(Descriptor) == 0;

    // Tried again at once: no further report comes of what is there already.
    private static bool IsInterrupted(nint result) => result < 0 && Marshal.GetLastPInvokeError() == Interrupted;

    private static int Outcome(nint result)
    {
        if (result >= 0)
            return (int)result;
        var error = Marshal.GetLastPInvokeError();
        return error == Again ? -1 : throw Failure(error);
    }

    private static IOException Failure(int error) => new($"{Marshal.GetPInvokeErrorMessage(error)} ({error})");

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int accept4(SafeSocketHandle listener, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int connect(NativeSocket socket, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int setsockopt(NativeSocket socket, int level, int option, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockopt(NativeSocket socket, int level, int option, void* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockname(NativeSocket socket, byte* address, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recv(NativeSocket socket, byte* octets, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint send(NativeSocket socket, byte* octets, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(NativeSocket socket, int how);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
