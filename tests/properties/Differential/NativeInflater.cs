using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>libnghttp2's inflater.</summary>
internal sealed unsafe class NativeInflater : IDisposable
{
    private readonly nint _handle;

    public NativeInflater()
    {
        if (LibNghttp2.InflateNew(out _handle) != 0)
            throw new OutOfMemoryException();
    }

    ~NativeInflater() => LibNghttp2.InflateDelete(_handle);

    public void ChangeTableSize(int size)
    {
        if (LibNghttp2.InflateChangeTableSize(_handle, (nuint)size) != 0)
            throw new InvalidOperationException("the inflater is inside a block");
    }

    /// <summary>Inflates a block and compares it with what ours decoded it to.</summary>
    /// <param name="block">The block.</param>
    /// <param name="ours">Our list.</param>
    /// <param name="difference">The first difference between the lists; null when there is none. Only meaningful for a sound block.</param>
    /// <returns>Whether the block is sound; when it is not, the inflater is of no more use.</returns>
    public bool Inflate(ReadOnlySpan<byte> block, FieldList ours, out string? difference)
    {
        difference = null;
        var count = 0;
        // One octet more: the library reads the first octet of an empty rest in some states, and never beyond.
        fixed (byte* start = block.IsEmpty ? [0] : block)
        {
            byte* at = start, end = start + block.Length;
            while (true)
            {
                LibNghttp2.NativeField field;
                var flags = 0;
                var used = LibNghttp2.Inflate(_handle, &field, &flags, at, (nuint)(end - at), 1);
                if (used < 0)
                    return false;
                at += used;
                if ((flags & LibNghttp2.Emit) != 0)
                    difference ??= Compare(field, ours, count++);
                if ((flags & LibNghttp2.Final) != 0)
                    break;
            }
        }
        LibNghttp2.InflateEndHeaders(_handle);
        if (count != ours.Count)
            difference ??= $"libnghttp2 has {count} fields, ours {ours.Count}";
        return true;
    }

    /// <summary>How the tables differ, or null.</summary>
    public string? Compare(DynamicTable ours)
    {
        if (LibNghttp2.InflateTableSize(_handle) != (nuint)ours.Size)
            return $"libnghttp2's table has {LibNghttp2.InflateTableSize(_handle)} octets, ours {ours.Size}";
        if (LibNghttp2.InflateMaxTableSize(_handle) != (nuint)ours.MaxSize)
            return $"libnghttp2's limit is {LibNghttp2.InflateMaxTableSize(_handle)}, ours {ours.MaxSize}";
        var count = (int)LibNghttp2.InflateEntryCount(_handle) - 61;
        if (count != ours.Count)
            return $"libnghttp2's table has {count} entries, ours {ours.Count}";
        for (var i = 0; i < count; i++)
        {
            if (!Same(*LibNghttp2.InflateEntry(_handle, (nuint)(DynamicTable.FirstIndex + i)), ours.View(i)))
                return $"the tables differ at entry {i}";
        }
        return null;
    }

    public void Dispose()
    {
        LibNghttp2.InflateDelete(_handle);
        GC.SuppressFinalize(this);
    }

    internal static bool Same(LibNghttp2.NativeField theirs, FieldView ours) =>
        theirs.Name.SequenceEqual(ours.Name) && theirs.Value.SequenceEqual(ours.Value);

    private static string? Compare(LibNghttp2.NativeField theirs, FieldList ours, int index)
    {
        if (index >= ours.Count)
            return $"libnghttp2 has a field {index}, ours only {ours.Count}";
        var field = ours[index];
        if (!Same(theirs, field))
            return $"field {index} differs";
        return (theirs.Flags & LibNghttp2.NoIndex) != 0 == field.NeverIndexed ? null : $"field {index} is never indexed for one only";
    }
}
