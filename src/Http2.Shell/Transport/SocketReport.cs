using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>What Linux knows of a connected stream socket (tcp(7), ioctl_tty(2)): TCP, or a Unix domain socket.</summary>
[SupportedOSPlatform("linux")]
internal static partial class SocketReport
{
    private const nuint QueuedToSend = 0x5411, QueuedToRead = 0x541b;
    private const int Tcp = 6, TcpInfo = 11, StateClosed = 7;

    // struct tcp_info: the state, retransmissions and probes of the window that were not answered, each an octet; the milliseconds since data were
    // sent last, and the octets that were not sent at all yet, each 32 bits
    private const int StateAt = 0, RetransmitsAt = 2, ProbesAt = 3, LastSentAt = 44, NotSentAt = 144, NeededLength = 148;

    // An acknowledgement may be held back for 40 ms, and has to come all the way.
    private const uint Moment = 200;

    // these numbers of the ioctls hold on all architectures that .NET runs on but this one
    private static readonly bool IsKnown = RuntimeInformation.ProcessArchitecture != Architecture.Ppc64le;

    /// <summary>Asks the kernel.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="taken">Octets that it has taken.</param>
    /// <param name="received">Octets that were received from it.</param>
    public static unsafe TransportReport Of(SafeHandle socket, long taken, long received)
    {
        int unacknowledged, readable;
        try
        {
            if (!IsKnown || ioctl(socket, QueuedToSend, &unacknowledged) != 0 || ioctl(socket, QueuedToRead, &readable) != 0)
                return new TransportReport(taken, Received: received);
            var report = new TransportReport(taken, unacknowledged, received, readable);
            var info = stackalloc byte[NeededLength];
            var length = NeededLength;
            // a Unix domain socket has no such thing, and its peer is always within reach
            if (getsockopt(socket, Tcp, TcpInfo, info, &length) != 0 || length < NeededLength)
                return report;
            return report with
            {
                IsUnreachable = info[RetransmitsAt] > 0 || info[ProbesAt] > 0,
                IsJustSent = *(uint*)(info + LastSentAt) < Moment && *(uint*)(info + NotSentAt) == 0,
                IsLost = info[StateAt] == StateClosed,
            };
        }
        catch (ObjectDisposedException)
        {
            return new TransportReport(taken, Received: received) { IsLost = true };
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(SafeHandle socket, nuint request, int* value);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockopt(SafeHandle socket, int level, int option, byte* value, int* length);
}
