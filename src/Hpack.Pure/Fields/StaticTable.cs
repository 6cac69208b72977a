using System.Runtime.CompilerServices;

namespace Hpack.Pure;

/// <summary>The static table (RFC 7541 Appendix A): 61 fields with indices from 1.</summary>
internal static class StaticTable
{
    /// <summary>The last index.</summary>
    public const int Count = 61;

    /// <summary>The index of <c>accept-encoding</c>, the last entry with a value that is not empty.</summary>
    private const int LastWithValue = 16;

    /// <summary>The index of <c>:status</c>: 200.</summary>
    public const byte Status = 8;

    /// <summary>The index of <c>content-length</c>.</summary>
    public const byte ContentLength = 28;

    /// <summary>The index of <c>cookie</c>.</summary>
    public const byte Cookie = 32;

    /// <summary>The octets of all entries; a name is followed by its value.</summary>
    public static readonly byte[] Bytes;

    /// <summary>The entries by index; 0 is unused.</summary>
    public static readonly FieldRef[] Refs = new FieldRef[Count + 1];

    /// <summary>The entries as fields, by index; 0 is unused.</summary>
    public static readonly HeaderField[] Fields = new HeaderField[Count + 1];

    private static readonly Octets[] Names = new Octets[Count + 1];

    private static readonly Fingerprint[] NamePrints = new Fingerprint[Count + 1];

    // No value is longer than what a fingerprint tells apart.
    private static readonly Fingerprint[] ValuePrints = new Fingerprint[Count + 1];

    /// <summary>For the first index of a name, the last index that has it.</summary>
    private static readonly byte[] LastOfName = new byte[Count + 1];

    // By the low bits of the name's hash, which happen to tell the 52 names apart: there is one place to look.
    private const uint SlotMask = 1023;

    private static readonly byte[] Slots = new byte[SlotMask + 1];

    static StaticTable()
    {
        var names = Entries.Select(entry => Octets.FromString(entry.Name)).ToArray();
        var values = Entries.Select(entry => Octets.FromString(entry.Value)).ToArray();
        Bytes = [.. Enumerable.Range(0, Count).SelectMany(i => (byte[])[.. names[i].Span, .. values[i].Span])];
        var at = 0;
        for (var index = 1; index <= Count; index++)
        {
            Octets name = names[index - 1], value = values[index - 1];
            var first = 1 + Array.FindIndex(Entries, entry => entry.Name == Entries[index - 1].Name);
            ref var field = ref Refs[index];
            field.NameAt = (uint)at | FieldRef.InStatic;
            field.ValueAt = (uint)(at + name.Length) | FieldRef.InStatic;
            field.SetName(name.Length, (byte)first);
            field.SetValue(value.Length, neverIndexed: false);
            at += name.Length + value.Length;
            Names[index] = name;
            (NamePrints[index], ValuePrints[index]) = (Fingerprint.Of(name.Span), Fingerprint.Of(value.Span));
            LastOfName[first] = (byte)index;
            Slots[NamePrints[index].Hash & SlotMask] = (byte)first;
        }
        // After the loop, as the constructor of a field looks its name up in this table.
        for (var index = 1; index <= Count; index++)
            Fields[index] = new HeaderField(names[index - 1], values[index - 1]);
    }

    /// <summary>The first index of <paramref name="name"/>, or 0.</summary>
    /// <param name="name">Any octets.</param>
    public static byte FindName(ReadOnlySpan<byte> name)
    {
        var print = Fingerprint.Of(name);
        return FindName(name, print, print.Hash);
    }

    /// <summary>The first index of a name whose fingerprint and hash are known, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte FindName(ReadOnlySpan<byte> name, Fingerprint print, uint hash)
    {
        var index = Slots[hash & SlotMask];
        return NamePrints[index].Matches(print) && (name.Length <= Fingerprint.Whole || name.SequenceEqual(Name(index))) ? index : (byte)0;
    }

    /// <summary>
    /// Whether the table may have an entry with a name and a value of this length: few names have values here, and all others only the
    /// empty one.
    /// </summary>
    /// <param name="token">The first index of the name, or 0.</param>
    /// <param name="length">The value's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayHaveValue(byte token, int length) => token != 0 && (token <= LastWithValue || length == 0);

    /// <summary>The index of the entry with this value among those that share a name, or 0.</summary>
    /// <param name="token">The first index of the name, 1 to 61.</param>
    /// <param name="value">The value's fingerprint.</param>
    public static byte FindValue(byte token, Fingerprint value)
    {
        for (int index = token, last = LastOfName[token]; index <= last; index++)
        {
            if (ValuePrints[index].Matches(value))
                return (byte)index;
        }
        return 0;
    }

    /// <summary>The index of the entry that <paramref name="field"/> refers to; it refers to this table.</summary>
    public static int IndexOf(in FieldRef field)
    {
        var index = (int)field.Token;
        while (Refs[index].ValueAt != field.ValueAt)
            index++;
        return index;
    }

    /// <summary>The name of an entry, as octets of their own.</summary>
    public static Octets NameOctets(int index) => Names[index];

    /// <summary>The name of an entry.</summary>
    public static ReadOnlySpan<byte> Name(int index)
    {
        ref readonly var field = ref Refs[index];
        return Bytes.AsSpan((int)(field.NameAt & ~FieldRef.SourceMask), field.NameLength);
    }

    /// <summary>The value of an entry.</summary>
    public static ReadOnlySpan<byte> Value(int index)
    {
        ref readonly var field = ref Refs[index];
        return Bytes.AsSpan((int)(field.ValueAt & ~FieldRef.SourceMask), field.ValueLength);
    }

    private static (string Name, string Value)[] Entries { get; } =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""),
        ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""),
        ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""),
        ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ];
}
