namespace Http2.Conformance;

/// <summary>What any server takes: every representation of a header field.</summary>
internal static class GenericHpack
{
    // "user-agent" and "x-test", and the value "h2spec", plain and in Huffman code (RFC 7541 Appendix B), each with its length octet.
    private const string UserAgent = "0a757365722d6167656e74";
    private const string UserAgentHuffman = "87b505b161cc5a93";
    private const string Test = "06782d74657374";
    private const string TestHuffman = "85f2b24a84ff";
    private const string Value = "06683273706563";
    private const string ValueHuffman = "849c48aca4";

    public static IEnumerable<ConformanceCase> Cases => new CaseList("generic", "5", "RFC 7541 §6")
        .Must("indexed field", "An indexed field is taken.", p => Request(p, "ba"))
        .Must("literal with indexing, known name, Huffman",
            "A literal with incremental indexing is taken.", p => Request(p, "40", UserAgentHuffman, ValueHuffman))
        .Must("literal with indexing, known name", "A literal with incremental indexing is taken.", p => Request(p, "40", UserAgent, Value))
        .Must("literal with indexing, new name", "A literal with incremental indexing is taken.", p => Request(p, "40", Test, Value))
        .Must("literal with indexing, new name, Huffman",
            "A literal with incremental indexing is taken.", p => Request(p, "40", TestHuffman, ValueHuffman))
        .Must("literal without indexing, known name", "A literal without indexing is taken.", p => Request(p, "00", UserAgent, Value))
        .Must("literal without indexing, known name, Huffman",
            "A literal without indexing is taken.", p => Request(p, "00", UserAgentHuffman, ValueHuffman))
        .Must("literal without indexing, new name", "A literal without indexing is taken.", p => Request(p, "00", Test, Value))
        .Must("literal without indexing, new name, Huffman",
            "A literal without indexing is taken.", p => Request(p, "00", TestHuffman, ValueHuffman))
        .Must("literal never indexed, known name", "A literal never indexed is taken.", p => Request(p, "10", UserAgent, Value))
        .Must("literal never indexed, known name, Huffman",
            "A literal never indexed is taken.", p => Request(p, "10", UserAgentHuffman, ValueHuffman))
        .Must("literal never indexed, new name", "A literal never indexed is taken.", p => Request(p, "10", Test, Value))
        .Must("literal never indexed, new name, Huffman",
            "A literal never indexed is taken.", p => Request(p, "10", TestHuffman, ValueHuffman))
        .Must("size update",
            "A dynamic table size update at the start of a block is taken.", p => Prefixed(p, new FieldBlock().SizeUpdate(128)))
        .Must("two size updates", "Two dynamic table size updates at the start of a block are taken.", p =>
            Prefixed(p, new FieldBlock().SizeUpdate(128).SizeUpdate(4096)));

    private static async Task Request(Probe p, params string[] representation)
    {
        await p.Handshake();
        p.Headers(1, [.. p.Get(), .. Convert.FromHexString(string.Concat(representation))], endStream: true);
        await p.ExpectHeaders(1);
    }

    private static async Task Prefixed(Probe p, FieldBlock start)
    {
        await p.Handshake();
        p.Headers(1, [.. start.ToArray(), .. p.Get()], endStream: true);
        await p.ExpectHeaders(1);
    }
}
