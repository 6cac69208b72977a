using System.Buffers;

namespace Http2.Shell;

/// <summary>
/// Pooled arrays of octets that are given up on demand. The pool that all of a process shares (ArrayPool) keeps what a great load once needed until
/// several collections have run, which a quiet server does not cause; this pool can be emptied when the load has gone. Thread-safe.
/// </summary>
internal sealed class BufferPool
{
    // Larger ones are rare: a frame size that an option has raised.
    private const int Largest = 256 * 1024;

    // As many as some busy connections use; arrays beyond that, such as many connections give back at once, are left to the collector.
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
