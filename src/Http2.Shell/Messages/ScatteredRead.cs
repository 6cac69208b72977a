using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Http2.Pure;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>Reads a part of a file into all parts of a room with one call of the kernel.</summary>
internal static unsafe partial class ScatteredRead
{
    // More parts than this would need a peer with a tiny frame size, which the protocol does not allow, or a huge body.
    private const int MostParts = 16;

    /// <summary>Reads as many octets as there are, and as the room holds.</summary>
    /// <returns>How many, or a negative number when it failed.</returns>
    public static long Into(in ReservedBody room, SafeFileHandle file, long offset)
    {
        // The offset of this call has 64 bits where addresses do. Elsewhere, and for very many parts, the runtime does it: it makes a
        // handle that pins for each part, of an array that is the same for all.
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || room.Count is 0 or > MostParts)
            return RandomAccess.Read(file, Enumerable.Range(0, room.Count).Select(Part(room)).ToArray(), offset);
        var vectors = stackalloc Vector[MostParts];
        fixed (byte* _ = room[0].Span)
        {
            for (var part = 0; part < room.Count; part++)
            {
                var octets = room[part].Span;
                // All parts lie in the array that is pinned through the first.
                vectors[part] = new Vector((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(octets)), octets.Length);
            }
            return preadv(file, vectors, room.Count, offset);
        }
    }

    private static Func<int, Memory<byte>> Part(ReservedBody room) => part => room[part];

    [LibraryImport("libc")]
    private static partial nint preadv(SafeFileHandle file, Vector* vectors, int count, long offset);

    // Layout of the kernel's iovec.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Vector(byte* start, nint length)
    {
        private readonly byte* _start = start;
        private readonly nint _length = length;
    }
}
