using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Blocks that must not decode (RFC 7541), each a connection error COMPRESSION_ERROR (RFC 9113 §4.3).</summary>
internal static class HpackCases
{
    private const string Error = "This is a decoding error: the connection ends with COMPRESSION_ERROR.";

    public static IEnumerable<ConformanceCase> Cases => [.. Indices, .. TableSize, .. Strings, .. Indexed, .. SizeUpdate];

    private static CaseList Indices => new CaseList("hpack", "2.3.3", "RFC 7541 §2.3.3")
        .Must("indexed field beyond both tables", Error, p => Broken(p, after: "c6"))
        .Must("literal whose name index is beyond both tables", Error, p => Broken(p, after: "7f0700"));

    private static CaseList TableSize => new CaseList("hpack", "4.2", "RFC 7541 §4.2")
        .Must("size update at the end of a block", Error, p => Broken(p, after: "21"));

    private static CaseList Strings => new CaseList("hpack", "5.2", "RFC 7541 §5.2")
        .Must("Huffman padding longer than 7 bits", Error, p => Broken(p, after: "0085f2b24a84ff8449509fff"))
        .Must("Huffman padding of zeros", Error, p => Broken(p, after: "0085f2b24a84ff83495090"))
        .Must("Huffman string with EOS inside", Error, p => Broken(p, after: "0085f2b24a84ff874951fffffffa7f"));

    private static CaseList Indexed => new CaseList("hpack", "6.1", "RFC 7541 §6.1")
        .Must("indexed field with index 0", Error, p => Broken(p, after: "80"));

    private static CaseList SizeUpdate => new CaseList("hpack", "6.3", "RFC 7541 §6.3")
        .Must("size update above SETTINGS_HEADER_TABLE_SIZE", Error, async p =>
        {
            await p.Handshake();
            var limit = p.PeerSetting(SettingId.HeaderTableSize) ?? 4096;
            p.Headers(1, [.. new FieldBlock().SizeUpdate((ulong)limit + 1).ToArray(), .. p.Get()], endStream: true);
            await p.ExpectConnectionError(ErrorCode.CompressionError);
        });

    private static async Task Broken(Probe p, string after)
    {
        await p.Handshake();
        p.Headers(1, [.. p.Get(), .. Convert.FromHexString(after)], endStream: true);
        await p.ExpectConnectionError(ErrorCode.CompressionError);
    }
}
