using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Http2.Exploration;

/// <summary>
/// Collects the parts of a state as octets, and gives 128 bits of their SHA-256: two states with the same digest count as one. Not thread-safe;
/// used again for the next state after <see cref="Take"/>.
/// </summary>
internal sealed class DigestWriter
{
    private byte[] _octets = new byte[4096];
    private int _length;

    public void Add(bool value) => Room(1)[0] = value ? (byte)1 : (byte)0;

    public void Add(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);

    /// <summary>Adds octets with their number before them, so that two runs of octets cannot be taken for one.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        Add(octets.Length);
        octets.CopyTo(Room(octets.Length));
    }

    /// <summary>The digest of all that was added since the last one.</summary>
    public UInt128 Take()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_octets.AsSpan(0, _length), hash);
        _length = 0;
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private Span<byte> Room(int count)
    {
        if (_octets.Length - _length < count)
            Array.Resize(ref _octets, Math.Max(2 * _octets.Length, _length + count));
        var room = _octets.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
