using FsCheck.Xunit;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Any state can be kept and used again and again, from anywhere, with the same result each time.</summary>
public sealed class ImmutabilityTests
{
    private const int Rounds = 60;

    [Fact]
    public void Thousands_of_branches_from_one_state_one_after_the_other()
    {
        var (decoder, encoder) = Warm(40, seed: 1);
        string decoderBefore = decoder.ToString(), encoderBefore = encoder.ToString();
        for (var branch = 0; branch < 3000; branch++)
            Walk(decoder, encoder, seed: branch, blocks: 1 + branch % 7);
        Assert.Equal(decoderBefore, decoder.ToString());
        Assert.Equal(encoderBefore, encoder.ToString());
    }

    [Fact]
    public void Thousands_of_branches_from_one_state_from_many_threads_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var (decoder, encoder) = Warm(10 + 17 * round, seed: round);
            var expected = Enumerable.Range(0, 300).Select(seed => Walk(decoder, encoder, seed, blocks: 6)).ToArray();
            using var together = new Barrier(6);
            var threads = Enumerable.Range(0, 6).Select(number => new Worker(() =>
            {
                together.SignalAndWait();
                for (var seed = 0; seed < expected.Length; seed++)
                {
                    // Some start together on the same branch, some on others.
                    var branch = number % 2 == 0 ? seed : (seed + 83 * number) % expected.Length;
                    var (decoderEnd, encoderEnd) = Walk(decoder, encoder, branch, blocks: 6);
                    Assert.Equal(expected[branch].Decoder, decoderEnd);
                    Assert.Equal(expected[branch].Encoder, encoderEnd);
                }
            })).ToArray();
            Assert.All(threads, thread => thread.Join());
        }
    }

    [Fact]
    public void Old_states_still_mean_the_same_after_their_log_was_full_and_evicted_and_left_behind()
    {
        var random = new Random(5);
        var decoder = DecoderState.Create();
        var encoder = EncoderState.Create();
        var history = new List<(DecoderState Decoder, EncoderState Encoder, HeaderField[] Fields, Encoded Encoded, Decoded Decoded)>();
        for (var i = 0; i < 1500; i++)
        {
            var fields = Fields(random);
            var encoded = HpackEncoder.Encode(encoder, fields);
            var decoded = Codec.Decode(decoder, encoded.Block);
            history.Add((decoder, encoder, fields, encoded, decoded));
            (encoder, decoder) = (encoded.State, decoded.State);
        }
        Assert.True(history.Select(entry => entry.Decoder.Log).Distinct().Count() > 10, "the log was never full");
        foreach (var entry in history.AsEnumerable().Reverse().Concat(history.OrderBy(_ => random.Next())))
        {
            Assert.Equal(entry.Encoded, HpackEncoder.Encode(entry.Encoder, entry.Fields));
            Assert.Equal(entry.Decoded, Codec.Decode(entry.Decoder, entry.Encoded.Block));
        }
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(Generators)])]
    public void Equal_states_have_equal_hashes_and_texts_however_they_came_about(HeaderField[] one, HeaderField[] two, RoughBlock bad)
    {
        var start = DecoderState.Create();
        var first = HpackEncoder.Encode(EncoderState.Create(), one);
        var second = HpackEncoder.Encode(first.State, two);
        var straight = Codec.Decode(Codec.Decode(start, first.Block).State, second.Block).State;
        // The same by a state of another log, with failures in between.
        var middle = Codec.Decode(DecoderState.Create(), first.Block).State;
        HpackDecoder.Decode(middle, new Octets(bad.Octets));
        HpackDecoder.Decode(middle, Broken(second.Block));
        var around = Codec.Decode(middle, second.Block).State;
        Assert.Equal(straight, around);
        Assert.Equal(straight.GetHashCode(), around.GetHashCode());
        Assert.Equal(straight.ToString(), around.ToString());
        if (straight.Table.Count > 0)
            Assert.NotEqual(straight, start);
        Assert.NotEqual(straight, straight.WithMaxTableSize(5000));
        Assert.NotEqual(second.State, second.State.WithPeerLimit(5000));
        Assert.NotEqual(second.State, second.State.WithMaxTableSize(4000));
        Assert.NotEqual(second.State, second.State.WithPolicy(IndexingPolicy.All));
        var again = HpackEncoder.Encode(HpackEncoder.Encode(EncoderState.Create(), one).State, two).State;
        Assert.Equal(second.State, again);
        Assert.Equal(second.State.GetHashCode(), again.GetHashCode());
        Assert.Equal(second.State.ToString(), again.ToString());
    }

    [Fact]
    public void A_failed_decode_harms_no_other()
    {
        var (state, encoder) = Warm(20, seed: 3);
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var fields = Fields(random);
            var encoded = HpackEncoder.Encode(encoder, fields);
            var before = state.ToString();
            // Inserts everything, then fails.
            Assert.Equal(HpackErrorKind.IndexZero, Codec.Error(state, Broken(encoded.Block)).Kind);
            Assert.Equal(before, state.ToString());
            var decoded = Codec.Decode(state, encoded.Block);
            Assert.Equal(fields.Select(field => field.ToString()), decoded.Fields.Select(field => field.ToString()));
            (state, encoder) = (decoded.State, encoded.State);
        }
    }

    [Fact]
    public void A_dropped_and_a_discarded_writer_change_nothing()
    {
        var (_, state) = Warm(20, seed: 6);
        var output = new OutputBuffer();
        output.Write("before"u8);
        var before = state.ToString();
        var expected = HpackEncoder.Encode(state, [new("x-a", "1"), new("x-b", "2")]);
        for (var i = 0; i < 100; i++)
        {
            var dropped = new BlockWriter(state, output);
            dropped.Write("x-dropped"u8, "value"u8);
            output.Truncate(6);
            var discarded = new BlockWriter(state, output);
            discarded.Write("x-discarded"u8, "value"u8);
            // far more than the buffer had room for
            discarded.Write("x-long"u8, new byte[20_000]);
            discarded.Discard();
            Assert.Equal("before"u8, output.WrittenMemory.Span);
            Assert.Equal(before, state.ToString());
            var again = HpackEncoder.Encode(state, [new("x-a", "1"), new("x-b", "2")]);
            Assert.Equal(expected.Block, again.Block);
            Assert.Equal(expected.State, again.State);
        }
    }

    private static (DecoderState Decoder, EncoderState Encoder) Warm(int blocks, int seed) =>
        Walk(DecoderState.Create(), EncoderState.Create(), seed, blocks);

    // Encodes and decodes a branch that the seed determines, checking it all the way.
    private static (DecoderState Decoder, EncoderState Encoder) Walk(DecoderState decoder, EncoderState encoder, int seed, int blocks)
    {
        var random = new Random(seed);
        for (var i = 0; i < blocks; i++)
        {
            var fields = Fields(random);
            var encoded = HpackEncoder.Encode(encoder, fields);
            var decoded = Codec.Decode(decoder, encoded.Block);
            Assert.True(fields.AsSpan().SequenceEqual(decoded.Fields.ToFields().AsSpan()));
            (encoder, decoder) = (encoded.State, decoded.State);
        }
        Assert.Equal(encoder.Table, decoder.Table);
        return (decoder, encoder);
    }

    // Sound up to its last octet.
    private static Octets Broken(Octets block) => new((byte[])[.. block.Span, 0x80]);

    private static HeaderField[] Fields(Random random)
    {
        var fields = new HeaderField[random.Next(1, 14)];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new($"x-{random.Next(12)}", $"value {random.Next(Rounds)} {new string('.', random.Next(30))}");
        return fields;
    }
}
