using System.Buffers;
using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>
/// A growable buffer that the caller lends to the pure functions to write octets to, so that purity needs no allocation per frame.
/// What was written may be patched until the caller takes it. Not thread-safe.
/// </summary>
public sealed class OutputBuffer : IBufferWriter<byte>
{
    private byte[] _array;

    /// <summary>Makes a buffer.</summary>
    /// <param name="capacity">The octets it holds before it grows.</param>
    public OutputBuffer(int capacity = 4096) => _array = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>A buffer that starts with an array of the caller's.</summary>
    internal OutputBuffer(byte[] array) => _array = array;

    /// <summary>How many octets were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <summary>What was written, from <paramref name="start"/>, for patching.</summary>
    /// <param name="start">0 to <see cref="Length"/>.</param>
    public Span<byte> Written(int start = 0) => _array.AsSpan(start, Length - start);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _array.AsSpan(Length);
    }

    /// <summary>Appends <paramref name="octets"/>.</summary>
    /// <param name="octets">What to append.</param>
    public void Write(ReadOnlySpan<byte> octets)
    {
        Ensure(octets.Length);
        octets.CopyTo(_array.AsSpan(Length));
        Length += octets.Length;
    }

    /// <summary>Forgets everything after the first <paramref name="length"/> octets.</summary>
    /// <param name="length">0 to <see cref="Length"/>.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Room for <paramref name="count"/> octets or more, behind what was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> Room(int count)
    {
        Ensure(count);
        return _array.AsSpan(Length);
    }

    /// <summary>Counts octets as written that were put into <see cref="Room"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Take(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure(int count)
    {
        if (_array.Length - Length < count)
            Grow(count);
    }

    private void Grow(int count)
    {
        var grown = GC.AllocateUninitializedArray<byte>(Math.Max(checked(_array.Length * 2), checked(Length + count)));
        _array.AsSpan(0, Length).CopyTo(grown);
        _array = grown;
    }
}
