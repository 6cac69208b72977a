using Hpack.Pure;
using Http2.Properties.Differential;
using Http2.TestSupport;
using Xunit;
using Xunit.Sdk;

namespace Http2.Properties.Draft08;

/// <summary>Random connections: the decoder against a plain model, the encoder against the decoder.</summary>
public sealed class Draft08PropertyTests(ITestOutputHelper output)
{
    /// <summary>Random blocks: the decoder and the model agree on the verdict, the set, the table and the references.</summary>
    [Fact]
    public void The_decoder_does_what_the_plain_model_does() => DifferentialRun.Over(output, 40_000, (seed, tally) =>
    {
        var dice = new Dice(seed);
        var generator = new BlockGenerator(draft08: true);
        var model = new Draft08Model();
        var state = Draft08DecoderState.Create();
        for (var blocks = 1; ; blocks++)
        {
            if (dice.PerMille(50))
            {
                var size = TableSizes.Any(ref dice);
                model.ChangeTableSize(size);
                state = state.WithMaxTableSize(size);
            }
            var owed = state.OwesSizeUpdate && dice.PerMille(900) ? [state.MaxTableSize] : Array.Empty<int>();
            var block = generator.Make(ref dice, state.Table.Count, owed, state.MaxTableSize);
            var error = Draft08Decoder.Decode(state, block, out var fields, out var next);
            var wanted = model.Decode(block);
            if (error.IsNone != wanted is not null)
                throw new DifferenceException($"the model {(wanted is null ? "refuses" : "takes")} the block; the decoder: {error}", block);
            if (wanted is null)
            {
                tally.Refused++;
                return blocks;
            }
            Assert.Equal(wanted, fields);
            var references = next.ReferenceSet;
            Assert.Equal(model.Entries, next.Table.Select((field, i) => ($"{field.Name.ToHex()}:{field.Value.ToHex()}", references[i])));
            state = next;
            tally.Sound++;
            tally.Fields += fields.Length;
        }
    });

    /// <summary>Random lists and sizes, with and without the reference set: the set, the table and the references arrive.</summary>
    [Fact]
    public void What_the_encoder_says_the_decoder_understands() => DifferentialRun.Over(output, 100_000, (seed, tally) =>
    {
        var dice = new Dice(seed);
        var generator = new FieldGenerator(ref dice);
        var encoder = Draft08EncoderState.Create(
            dice.Of(4096, 100_000, TableSizes.Any(ref dice)), dice.PerMille(700), dice.Of(IndexingPolicy.Default, IndexingPolicy.All));
        var decoder = Draft08DecoderState.Create();
        var last = generator.MakeList(ref dice);
        var blocks = 1 + dice.Below(100);
        for (var i = 0; i < blocks; i++)
        {
            for (var changes = dice.PerMille(50) ? 1 + dice.Below(3) : 0; changes > 0; changes--)
            {
                var size = TableSizes.Any(ref dice);
                encoder = encoder.WithPeerLimit((uint)size);
                decoder = decoder.WithMaxTableSize(size);
            }
            if (dice.PerMille(20))
                encoder = encoder.WithReferenceSet(!encoder.UsesReferenceSet);
            last = NextList(ref dice, generator, last);
            var encoded = Draft08Encoder.Encode(encoder, last);
            encoder = encoded.State;
            var decoded = Draft08Codec.Decode(decoder, encoded.Block);
            decoder = decoded.State;
            Assert.Equal(Draft08Codec.Sorted(last), Draft08Codec.Sorted(decoded.Fields));
            Assert.All(last.Where(field => field.NeverIndexed), field => Assert.Contains(field, decoded.Fields));
            Assert.Equal(encoder.Table, decoder.Table);
            Assert.Equal(encoder.ReferenceSet.AsEnumerable(), decoder.ReferenceSet.AsEnumerable());
            tally.Sound++;
            tally.Fields += last.Count;
        }
        return blocks;
    });

    /// <summary>All published vectors decode to their header sets.</summary>
    [VectorTheory("hpack-test-case-draft08")]
    [VectorFiles("hpack-test-case-draft08/nghttp2", "story_*.json")]
    [VectorFiles("hpack-test-case-draft08/nghttp2-change-table-size", "story_*.json")]
    public void A_published_story_decodes(string path)
    {
        var state = Draft08DecoderState.Create();
        foreach (var item in Story.Read(path).Cases)
        {
            if (item.HeaderTableSize is { } size)
                state = state.WithMaxTableSize(size);
            var decoded = Draft08Codec.Decode(state, new Octets(item.Wire));
            var wanted = item.Headers.Select(pair => new HeaderField(pair.Key, pair.Value));
            Assert.Equal(Draft08Codec.Sorted(wanted), Draft08Codec.Sorted(decoded.Fields));
            state = decoded.State;
        }
    }

    /// <summary>The raw stories come back, and the reference set pays: no worse than libnghttp2's published draft-08 blocks.</summary>
    [VectorFact("hpack-test-case/raw-data")]
    public void Raw_stories_come_back_smaller_than_the_published_ones()
    {
        var (with, without) = (0L, 0L);
        foreach (var story in Story.ReadAll("hpack-test-case/raw-data"))
        {
            with += RoundTrip(story, usesReferenceSet: true);
            without += RoundTrip(story, usesReferenceSet: false);
        }
        var published = Story.ReadAll("hpack-test-case-draft08/nghttp2").Sum(story => story.Cases.Sum(item => (long)item.Wire.Length));
        output.WriteLine($"with the reference set {with}, without {without}, published {published}");
        Assert.True(with < without);
        Assert.True(with <= published);
    }

    private static long RoundTrip(Story story, bool usesReferenceSet)
    {
        var encoder = Draft08EncoderState.Create(usesReferenceSet: usesReferenceSet);
        var decoder = Draft08DecoderState.Create();
        var octets = 0L;
        foreach (var item in story.Cases)
        {
            HeaderField[] fields = [.. item.Headers.Select(pair => new HeaderField(pair.Key, pair.Value))];
            var encoded = Draft08Encoder.Encode(encoder, fields);
            var decoded = Draft08Codec.Decode(decoder, encoded.Block);
            Assert.Equal(Draft08Codec.Sorted(fields), Draft08Codec.Sorted(decoded.Fields));
            (encoder, decoder) = (encoded.State, decoded.State);
            octets += encoded.Block.Length;
        }
        return octets;
    }

    // Mostly the list before with a few changes and repetitions: what a reference set is for.
    private static List<HeaderField> NextList(ref Dice dice, FieldGenerator generator, List<HeaderField> last)
    {
        if (dice.PerMille(300))
            return generator.MakeList(ref dice);
        var list = new List<HeaderField>(last);
        for (var changes = dice.Below(5); changes > 0 && list.Count > 0; changes--)
        {
            var at = dice.Below(list.Count);
            if (dice.PerMille(400))
                list.RemoveAt(at);
            else
                list.Add(dice.PerMille(500) ? list[at] : FieldGenerator.MakeField(ref dice));
        }
        return list;
    }
}
