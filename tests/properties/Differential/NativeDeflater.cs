using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>libnghttp2's deflater.</summary>
internal sealed unsafe class NativeDeflater : IDisposable
{
    private readonly nint _handle;

    // What a list points into, pinned for good: the library reads names and values in place.
    private byte[] _octets = GC.AllocateUninitializedArray<byte>(1 << 16, pinned: true);
    private byte[] _block = GC.AllocateUninitializedArray<byte>(1 << 16, pinned: true);

    public NativeDeflater(int maxTableSize)
    {
        if (LibNghttp2.DeflateNew(out _handle, (nuint)maxTableSize) != 0)
            throw new OutOfMemoryException();
    }

    ~NativeDeflater() => LibNghttp2.DeflateDelete(_handle);

    public void ChangeTableSize(int size)
    {
        if (LibNghttp2.DeflateChangeTableSize(_handle, (nuint)size) != 0)
            throw new OutOfMemoryException();
    }

    /// <summary>Deflates a list; the block is good until the next call.</summary>
    public ReadOnlySpan<byte> Deflate(IReadOnlyList<HeaderField> fields)
    {
        var needed = fields.Sum(field => field.Size);
        if (needed > _octets.Length)
            _octets = GC.AllocateUninitializedArray<byte>(2 * needed, pinned: true);
        var native = stackalloc LibNghttp2.NativeField[fields.Count + 1];
        fixed (byte* start = _octets)
        {
            var at = start;
            for (var i = 0; i < fields.Count; i++)
                native[i] = Copy(fields[i], ref at);
            var bound = (int)LibNghttp2.DeflateBound(_handle, native, (nuint)fields.Count);
            if (bound > _block.Length)
                _block = GC.AllocateUninitializedArray<byte>(2 * bound, pinned: true);
            fixed (byte* block = _block)
            {
                var length = LibNghttp2.Deflate(_handle, block, (nuint)_block.Length, native, (nuint)fields.Count);
                return length >= 0 ? _block.AsSpan(0, (int)length) : throw new InvalidOperationException($"deflate says {length}");
            }
        }
    }

    /// <summary>How the tables differ, or null.</summary>
    public string? Compare(DynamicTable ours)
    {
        if (LibNghttp2.DeflateTableSize(_handle) != (nuint)ours.Size)
            return $"the deflater's table has {LibNghttp2.DeflateTableSize(_handle)} octets, ours {ours.Size}";
        if (LibNghttp2.DeflateMaxTableSize(_handle) != (nuint)ours.MaxSize)
            return $"the deflater's limit is {LibNghttp2.DeflateMaxTableSize(_handle)}, ours {ours.MaxSize}";
        for (var i = 0; i < ours.Count; i++)
        {
            if (!NativeInflater.Same(*LibNghttp2.DeflateEntry(_handle, (nuint)(DynamicTable.FirstIndex + i)), ours.View(i)))
                return $"the tables differ at entry {i}";
        }
        return (int)LibNghttp2.DeflateEntryCount(_handle) - 61 == ours.Count ? null : "the tables have different counts";
    }

    public void Dispose()
    {
        LibNghttp2.DeflateDelete(_handle);
        GC.SuppressFinalize(this);
    }

    private static LibNghttp2.NativeField Copy(HeaderField field, ref byte* at)
    {
        var native = new LibNghttp2.NativeField
        {
            NameAt = at,
            ValueAt = at + field.Name.Length,
            NameLength = (nuint)field.Name.Length,
            ValueLength = (nuint)field.Value.Length,
            Flags = field.NeverIndexed ? LibNghttp2.NoIndex : (byte)0,
        };
        field.Name.Span.CopyTo(new Span<byte>(native.NameAt, field.Name.Length));
        field.Value.Span.CopyTo(new Span<byte>(native.ValueAt, field.Value.Length));
        at += field.Name.Length + field.Value.Length;
        return native;
    }
}
