using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Http2.Bench.Hpack;

/// <summary>A header list as libnghttp2 takes it, an array of <c>nghttp2_nv</c>, in native memory that is never freed.</summary>
internal readonly unsafe struct NativeList
{
    public Nv* Fields { get; private init; }

    public int Count { get; private init; }

    public ReadOnlySpan<Nv> Span => new(Fields, Count);

    /// <param name="slices">Where the fields lie.</param>
    /// <param name="octets">The array that they lie in; it must be pinned.</param>
    public static NativeList Of(Slice[] slices, byte[] octets)
    {
        var fields = (Nv*)NativeMemory.AllocZeroed((nuint)Math.Max(1, slices.Length), (nuint)sizeof(Nv));
        var start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(octets, 0);
        for (var i = 0; i < slices.Length; i++)
        {
            var (at, nameLength, valueLength) = slices[i];
            fields[i] = new Nv
            {
                Name = start + at, Value = start + at + nameLength, NameLength = (nuint)nameLength, ValueLength = (nuint)valueLength,
            };
        }
        return new NativeList { Fields = fields, Count = slices.Length };
    }

    public struct Nv
    {
        public byte* Name;
        public byte* Value;
        public nuint NameLength;
        public nuint ValueLength;
        public byte Flags;

        public readonly ReadOnlySpan<byte> NameSpan => new(Name, (int)NameLength);

        public readonly ReadOnlySpan<byte> ValueSpan => new(Value, (int)ValueLength);
    }
}

/// <summary>
/// The codec of libnghttp2. Its functions are called without the runtime's transition to native code (SuppressGCTransition), whose cost is not
/// libnghttp2's. That is allowed because a call takes about a microsecond and never blocks.
/// </summary>
[SkipLocalsInit] // otherwise the runtime would clear the buffer in Deflate, and the time for that would be counted for libnghttp2
internal static unsafe partial class NativeHpack
{
    private const string Library = "libnghttp2.so.14";
    private const int Emit = 2, Final = 1;

    public static bool IsThere => NativeLibrary.TryLoad(Library, out _);

    // nghttp2_info: two integers, then a pointer to the text of the version.
    public static string Version => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(GetVersion(0), 2 * sizeof(int)))!;

    /// <summary>Encodes a story, and keeps the encoded blocks when <paramref name="keep"/> says so. Returns their length in octets.</summary>
    public static long Deflate(Block[] story, bool keep = false)
    {
        var buffer = stackalloc byte[65536];
        long total = 0;
        nint deflater;
        Check(DeflateNew(&deflater, 4096));
        foreach (ref var block in story.AsSpan())
        {
            var length = DeflateBlock(deflater, buffer, 65536, block.Native.Fields, (nuint)block.Native.Count);
            Check(length);
            total += length;
            if (keep)
                block.Wire = new Span<byte>(buffer, (int)length).ToArray();
        }
        DeflateDelete(deflater);
        return total;
    }

    /// <summary>Decodes a story. Returns the length of all names and values in octets.</summary>
    public static long Inflate(Block[] story)
    {
        long total = 0;
        nint inflater;
        Check(InflateNew(&inflater));
        foreach (var block in story)
        {
            fixed (byte* wire = block.Wire)
                total += InflateBlock(inflater, wire, block.Wire.Length);
        }
        InflateDelete(inflater);
        return total;
    }

    private static long InflateBlock(nint inflater, byte* at, nint left)
    {
        long total = 0;
        while (true)
        {
            NativeList.Nv field;
            int flags = 0;
            var used = InflateStep(inflater, &field, &flags, at, (nuint)left, 1);
            Check(used);
            at += used;
            left -= used;
            if ((flags & Emit) != 0)
                total += (long)(field.NameLength + field.ValueLength);
            if ((flags & Final) != 0)
                break;
        }
        Check(InflateEnd(inflater));
        return total;
    }

    private static void Check(nint result)
    {
        if (result < 0)
            throw new InvalidOperationException($"libnghttp2 answered {result}");
    }

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_new")]
    private static partial int DeflateNew(nint* deflater, nuint maxTableSize);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_del")]
    private static partial void DeflateDelete(nint deflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_hd")]
    [SuppressGCTransition]
    private static partial nint DeflateBlock(nint deflater, byte* buffer, nuint length, NativeList.Nv* fields, nuint count);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_new")]
    private static partial int InflateNew(nint* inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_del")]
    private static partial void InflateDelete(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_hd2")]
    [SuppressGCTransition]
    private static partial nint InflateStep(nint inflater, NativeList.Nv* field, int* flags, byte* input, nuint length, int isFinal);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_end_headers")]
    [SuppressGCTransition]
    private static partial int InflateEnd(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_version")]
    private static partial nint GetVersion(int least);
}
