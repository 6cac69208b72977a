using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Differential;

/// <summary>Our encoder's blocks, decoded by both.</summary>
public sealed class OurBlocksTests(ITestOutputHelper output)
{
    /// <summary>Lists go through our encoder and come out of libnghttp2 as they went in.</summary>
    [Nghttp2Fact]
    public void Our_blocks_mean_the_same_to_libnghttp2_and_to_us() => DifferentialRun.Over(output, Run);

    private static int Run(ulong seed, Tally tally)
    {
        var dice = new Dice(seed);
        var generator = new FieldGenerator(ref dice);
        using var decoders = new DecoderPair();
        var encoder = EncoderState.Create(
            dice.Of(4096, 100_000, TableSizes.Any(ref dice)), dice.Of(IndexingPolicy.Default, IndexingPolicy.All));
        var buffer = new OutputBuffer();
        var blocks = 1 + dice.Below(200);
        for (var i = 0; i < blocks; i++)
        {
            for (var changes = dice.PerMille(50) ? 1 + dice.Below(3) : 0; changes > 0; changes--)
            {
                var size = TableSizes.Any(ref dice);
                decoders.ChangeTableSize(size);
                encoder = encoder.WithPeerLimit((uint)size);
            }
            var list = generator.MakeList(ref dice);
            buffer.Truncate(0);
            var writer = new BlockWriter(encoder, buffer);
            foreach (var field in list)
                writer.Write(field);
            encoder = writer.Complete();
            var block = buffer.Written();
            if (decoders.Decode(block, out var fields, tally) != Verdict.Sound)
                throw new DifferenceException("our decoder and libnghttp2 refuse our encoder's block", block);
            if (!SameLists.Check(list, fields))
                throw new DifferenceException("a list changed on its way", block);
            if (encoder.Table != decoders.State.Table)
                throw new DifferenceException("our encoder's table is not our decoder's", block);
        }
        return blocks;
    }
}

/// <summary>libnghttp2's blocks, decoded by both.</summary>
public sealed class TheirBlocksTests(ITestOutputHelper output)
{
    /// <summary>Lists go through libnghttp2's deflater and come out of ours as they went in.</summary>
    [Nghttp2Fact]
    public void Its_blocks_mean_the_same_to_us_and_to_itself() => DifferentialRun.Over(output, Run);

    private static int Run(ulong seed, Tally tally)
    {
        var dice = new Dice(seed);
        var generator = new FieldGenerator(ref dice);
        using var decoders = new DecoderPair();
        using var deflater = new NativeDeflater(dice.Of(4096, 100_000, TableSizes.Any(ref dice)));
        var blocks = 1 + dice.Below(200);
        for (var i = 0; i < blocks; i++)
        {
            for (var changes = dice.PerMille(50) ? 1 + dice.Below(2) : 0; changes > 0; changes--)
            {
                var size = TableSizes.Any(ref dice);
                decoders.ChangeTableSize(size);
                deflater.ChangeTableSize(size);
            }
            var list = generator.MakeList(ref dice);
            var block = deflater.Deflate(list);
            if (decoders.Decode(block, out var fields, tally) != Verdict.Sound)
                throw new DifferenceException("our decoder and libnghttp2's inflater refuse its deflater's block", block);
            if (!SameLists.Check(list, fields))
                throw new DifferenceException("a list changed on its way", block);
            if (deflater.Compare(decoders.State.Table) is { } difference)
                throw new DifferenceException(difference, block);
        }
        return blocks;
    }
}

/// <summary>Sound blocks with some damage, judged by both.</summary>
public sealed class MutatedBlocksTests(ITestOutputHelper output)
{
    /// <summary>Both take a damaged block, and read it alike, or both refuse it.</summary>
    [Nghttp2Fact]
    public void Damaged_blocks_get_the_same_verdict() => DifferentialRun.Over(output, Run);

    private static int Run(ulong seed, Tally tally)
    {
        var dice = new Dice(seed);
        var generator = new FieldGenerator(ref dice);
        using var decoders = new DecoderPair();
        var encoder = EncoderState.Create(4096, IndexingPolicy.All);
        byte[] previous = [];
        for (var blocks = 1; ; blocks++)
        {
            var encoded = HpackEncoder.Encode(encoder, generator.MakeList(ref dice));
            var block = encoded.Block.Span.ToArray();
            // Half of the blocks are sound, so that the table fills; the encoder's own table no longer matters then.
            if (dice.PerMille(500))
                block = Mutation.Of(ref dice, block, previous);
            encoder = encoded.State;
            previous = block;
            if (decoders.Decode(block, out _, tally) != Verdict.Sound)
                return blocks;
        }
    }
}

/// <summary>Blocks made by the grammar, and plain noise, judged by both.</summary>
public sealed class RandomBlocksTests(ITestOutputHelper output)
{
    /// <summary>Both take a random block, and read it alike, or both refuse it.</summary>
    [Nghttp2Fact]
    public void Random_blocks_get_the_same_verdict() => DifferentialRun.Over(output, Run);

    private static int Run(ulong seed, Tally tally)
    {
        var dice = new Dice(seed);
        var generator = new BlockGenerator();
        using var decoders = new DecoderPair();
        for (var blocks = 1; ; blocks++)
        {
            var owed = dice.PerMille(100) ? ChangeSizes(ref dice, decoders) : [];
            var block = dice.PerMille(20)
                ? MakeNoise(ref dice)
                : generator.Make(ref dice, decoders.State.Table.Count, owed, decoders.Setting);
            if (decoders.Decode(block, out _, tally) != Verdict.Sound)
                return blocks;
        }
    }

    // The size updates that the changes ask for; at times none, which is an error after a reduction only.
    private static List<int> ChangeSizes(ref Dice dice, DecoderPair decoders)
    {
        var smallest = int.MaxValue;
        for (var changes = 1 + dice.Below(3); changes > 0; changes--)
        {
            var size = TableSizes.Any(ref dice);
            decoders.ChangeTableSize(size);
            smallest = Math.Min(smallest, size);
        }
        if (dice.PerMille(200))
            return [];
        return smallest < decoders.Setting ? [smallest, decoders.Setting] : [decoders.Setting];
    }

    private static byte[] MakeNoise(ref Dice dice)
    {
        var noise = new byte[dice.Below(40)];
        dice.Fill(noise);
        return noise;
    }
}
