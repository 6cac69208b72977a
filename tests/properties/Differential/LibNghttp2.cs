using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace Http2.Properties.Differential;

/// <summary>What the tests call of libnghttp2, the reference that ours is compared with.</summary>
internal static unsafe partial class LibNghttp2
{
    /// <summary>The flag of an emitted field.</summary>
    public const int Emit = 2;

    /// <summary>The flag of a block's end.</summary>
    public const int Final = 1;

    /// <summary>The flag of a field that must not be indexed.</summary>
    public const byte NoIndex = 1;

    private const string Library = "libnghttp2.so.14";

    /// <summary>Why a test is skipped, or null when the library is there.</summary>
    public static string? SkipReason { get; } =
        NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} is absent (package libnghttp2-14)";

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_new")]
    public static partial int DeflateNew(out nint deflater, nuint maxTableSize);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_del")]
    public static partial void DeflateDelete(nint deflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_change_table_size")]
    public static partial int DeflateChangeTableSize(nint deflater, nuint size);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_bound")]
    public static partial nuint DeflateBound(nint deflater, NativeField* fields, nuint count);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_hd")]
    public static partial nint Deflate(nint deflater, byte* target, nuint length, NativeField* fields, nuint count);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_get_num_table_entries")]
    [SuppressGCTransition]
    public static partial nuint DeflateEntryCount(nint deflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_get_table_entry")]
    [SuppressGCTransition]
    public static partial NativeField* DeflateEntry(nint deflater, nuint index);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_get_dynamic_table_size")]
    [SuppressGCTransition]
    public static partial nuint DeflateTableSize(nint deflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_deflate_get_max_dynamic_table_size")]
    [SuppressGCTransition]
    public static partial nuint DeflateMaxTableSize(nint deflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_new")]
    public static partial int InflateNew(out nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_del")]
    public static partial void InflateDelete(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_change_table_size")]
    public static partial int InflateChangeTableSize(nint inflater, nuint size);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_hd2")]
    public static partial nint Inflate(nint inflater, NativeField* field, int* flags, byte* block, nuint length, int isFinal);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_end_headers")]
    public static partial int InflateEndHeaders(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_get_num_table_entries")]
    [SuppressGCTransition]
    public static partial nuint InflateEntryCount(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_get_table_entry")]
    [SuppressGCTransition]
    public static partial NativeField* InflateEntry(nint inflater, nuint index);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_get_dynamic_table_size")]
    [SuppressGCTransition]
    public static partial nuint InflateTableSize(nint inflater);

    [LibraryImport(Library, EntryPoint = "nghttp2_hd_inflate_get_max_dynamic_table_size")]
    [SuppressGCTransition]
    public static partial nuint InflateMaxTableSize(nint inflater);

    /// <summary>A name and a value as libnghttp2 has them: nghttp2_nv.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeField
    {
        public byte* NameAt;
        public byte* ValueAt;
        public nuint NameLength;
        public nuint ValueLength;
        public byte Flags;

        public readonly ReadOnlySpan<byte> Name => new(NameAt, (int)NameLength);

        public readonly ReadOnlySpan<byte> Value => new(ValueAt, (int)ValueLength);
    }
}

/// <summary>A fact that needs libnghttp2; skipped with the reason when it is absent.</summary>
public sealed class Nghttp2FactAttribute : FactAttribute
{
    /// <summary>Skips when the library is absent.</summary>
    public Nghttp2FactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = LibNghttp2.SkipReason;
}

/// <summary>A theory that needs libnghttp2; skipped with the reason when it is absent.</summary>
public sealed class Nghttp2TheoryAttribute : TheoryAttribute
{
    /// <summary>Skips when the library is absent.</summary>
    public Nghttp2TheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = LibNghttp2.SkipReason;
}
