using Hpack.Pure;

namespace Http2.Bench.Hpack;

/// <summary>A codec that is measured, and how it encodes or decodes all blocks of a story.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Pass">Encodes or decodes the story with a fresh codec, and returns how many octets came of it, for comparison.</param>
internal sealed record Contender(string Name, Func<Corpus, Block[], long> Pass);

/// <summary>The codecs that are measured. The first of each list is libnghttp2, which the others are compared with.</summary>
internal static class Contenders
{
    private const string Reference = "libnghttp2";

    public static readonly Contender[] Deflate =
    [
        new(Reference, (_, story) => NativeHpack.Deflate(story)),
        new("ours, spans", DeflateSpans),
        new("ours, kept fields", DeflateFields),
        new("ours, documented face", DeflateValues),
    ];

    public static readonly Contender[] Inflate =
    [
        new(Reference, (_, story) => NativeHpack.Inflate(story)),
        new("ours, spans", InflateSpans),
        new("ours, spans, arena reused", InflateReused),
        new("ours, documented face", InflateValues),
    ];

    /// <summary>
    /// An encoder as one would write it in an afternoon, for orientation. It runs in rounds of its own, because the garbage collections that it
    /// causes would be counted for the contenders that run next.
    /// </summary>
    public static readonly Contender PlainDeflate = new("plain mutable C#", DeflateMutable);

    /// <summary>The decoder that belongs to <see cref="PlainDeflate"/>.</summary>
    public static readonly Contender PlainInflate = new("plain mutable C#", InflateMutable);

    // One buffer for all passes, since libnghttp2 writes to one on the stack, which costs nothing to get either.
    private static readonly OutputBuffer Output = new(65536);

    private static readonly FieldArena Reused = new();

    private static long DeflateSpans(Corpus corpus, Block[] story)
    {
        long total = 0;
        var output = Output;
        var state = EncoderState.Create();
        foreach (var block in story)
        {
            output.Truncate(0);
            var writer = new BlockWriter(state, output);
            foreach (ref readonly var field in block.Native.Span)
                writer.Write(field.NameSpan, field.ValueSpan);
            state = writer.Complete();
            total += output.Length;
        }
        return total;
    }

    private static long DeflateFields(Corpus corpus, Block[] story)
    {
        long total = 0;
        var output = Output;
        var state = EncoderState.Create();
        foreach (var block in story)
        {
            output.Truncate(0);
            var writer = new BlockWriter(state, output);
            foreach (var field in block.Fields)
                writer.Write(field);
            state = writer.Complete();
            total += output.Length;
        }
        return total;
    }

    private static long DeflateValues(Corpus corpus, Block[] story)
    {
        long total = 0;
        var state = EncoderState.Create();
        foreach (var block in story)
        {
            var encoded = HpackEncoder.Encode(state, block.Fields);
            state = encoded.State;
            total += encoded.Block.Length;
        }
        return total;
    }

    private static long DeflateMutable(Corpus corpus, Block[] story)
    {
        long total = 0;
        var codec = new MutableCodec();
        foreach (var block in story)
        {
            var output = new List<byte>();
            codec.Encode(corpus, block, output);
            total += output.Count;
        }
        return total;
    }

    private static long InflateSpans(Corpus corpus, Block[] story)
    {
        long total = 0;
        var arena = new FieldArena();
        var state = DecoderState.Create();
        foreach (var block in story)
            total += InflateBlock(ref state, block.Wire, arena);
        return total;
    }

    private static long InflateReused(Corpus corpus, Block[] story)
    {
        long total = 0;
        var arena = Reused;
        var state = DecoderState.Create();
        foreach (var block in story)
        {
            arena.Reset();
            total += InflateBlock(ref state, block.Wire, arena);
        }
        return total;
    }

    // Reads every field, because libnghttp2 hands out every field one by one.
    private static long InflateBlock(ref DecoderState state, byte[] wire, FieldArena arena)
    {
        var error = HpackDecoder.Decode(state, wire, long.MaxValue, arena, out var fields, out state);
        if (!error.IsNone)
            throw new InvalidOperationException(error.ToString());
        long total = 0;
        foreach (var field in fields)
            total += field.Name.Length + field.Value.Length;
        return total;
    }

    private static long InflateValues(Corpus corpus, Block[] story)
    {
        long total = 0;
        var state = DecoderState.Create();
        foreach (var block in story)
        {
            var decoded = HpackDecoder.Decode(state, new Octets(block.Wire))
                .IfLeft(error => throw new InvalidOperationException(error.ToString()));
            state = decoded.State;
            foreach (var field in decoded.Fields)
                total += field.Name.Length + field.Value.Length;
        }
        return total;
    }

    private static long InflateMutable(Corpus corpus, Block[] story)
    {
        long total = 0;
        var codec = new MutableCodec();
        foreach (var block in story)
        {
            foreach (var (name, value) in codec.Decode(block.Wire))
                total += name.Length + value.Length;
        }
        return total;
    }
}
