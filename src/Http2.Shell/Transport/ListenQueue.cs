using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// The connections that the kernel has completed and nobody has accepted. Closing a listening socket resets them, although for their clients they
/// are open. So before that the kernel is told to complete no more, while those that there are can still be accepted.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class ListenQueue
{
    private const int SocketLevel = 1, AttachFilter = 26;

    // In TCP's header (RFC 9293 §3.1) octet 13 holds the flags: 2 is SYN, 16 is ACK.
    private const int Flags = 13, Syn = 2, SynOrAck = 18;

    /// <summary>
    /// Lets no new TCP handshake begin. A client that tries is not answered and tries again a second later, when the socket is closed or
    /// another server listens. Does nothing where the kernel does not allow it.
    /// </summary>
    public static void Shut(Socket listener)
    {
        // Classic BPF (socket(7), SO_ATTACH_FILTER): a packet of which nothing is taken is dropped.
        var code = stackalloc Instruction[]
        {
            new(0x30, 0, 0, Flags),     // A = octet
            new(0x54, 0, 0, SynOrAck),  // A &= SYN | ACK
            new(0x15, 0, 1, Syn),       // A == SYN ? next : after next
            new(0x06, 0, 0, 0),         // take nothing
            new(0x06, 0, 0, uint.MaxValue),
        };
        var program = new Program(5, code);
        _ = setsockopt(listener.SafeHandle, SocketLevel, AttachFilter, &program, sizeof(Program));
    }

    [LibraryImport("libc")]
    private static partial int setsockopt(SafeSocketHandle socket, int level, int name, Program* value, int length);

    // Layout of the kernel's sock_filter.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte whenTrue, byte whenFalse, uint operand)
    {
        private readonly ushort _code = code;
        private readonly byte _whenTrue = whenTrue;
        private readonly byte _whenFalse = whenFalse;
        private readonly uint _operand = operand;
    }

    // Layout of the kernel's sock_fprog.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Program(ushort length, Instruction* code)
    {
        private readonly ushort _length = length;
        private readonly Instruction* _code = code;
    }
}
