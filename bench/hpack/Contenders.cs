using Hpack.Pure;

namespace Http2.Bench.Hpack;

/// <summary>One way to run over a story, with a fresh codec.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Pass">Runs; the result is what came out in octets, for checking.</param>
internal sealed record Contender(string Name, Func<Corpus, Block[], long> Pass);

/// <summary>The contenders; the first of each list is the one that the others are measured against.</summary>
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

    /// <summary>For orientation; each has rounds of its own, as the collections that its garbage asks for would fall into others' turns.</summary>
    public static readonly Contender PlainDeflate = new("plain mutable C#", DeflateMutable);

    /// <summary>The same for inflate.</summary>
    public static readonly Contender PlainInflate = new("plain mutable C#", InflateMutable);

    // As long-lived as libnghttp2's buffer on the stack.
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

    // Visits every field, as libnghttp2 hands out every field.
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
