using System.Buffers;

namespace Http2.Shell;

/// <summary>
/// Pooled arrays of octets that are given up on demand. The pool that a process shares keeps what a great load once needed until collections
/// that a quiet server does not come to; this one can be emptied when the load has gone. Thread-safe.
/// </summary>
internal sealed class BufferPool
{
    // Larger ones are rare: a frame size that an option has raised.
    private const int Largest = 256 * 1024;

    // As many as some connections in full swing use; what a crowd brought back beyond them is the collector's.
    private const int KeptOfASize = 64;

    private ArrayPool<byte> _pool = Fresh();

    /// <summary>An array of at least so many octets.</summary>
    public byte[] Rent(int size) => Volatile.Read(ref _pool).Rent(size);

    /// <summary>Gives an array back, once; it may have been rented before the pool was emptied.</summary>
    public void Return(byte[] buffer) => Volatile.Read(ref _pool).Return(buffer);

    /// <summary>Gives up all that nobody uses.</summary>
    public void Empty() => Volatile.Write(ref _pool, Fresh());

    private static ArrayPool<byte> Fresh() => ArrayPool<byte>.Create(Largest, KeptOfASize);
}
