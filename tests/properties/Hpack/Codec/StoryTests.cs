using Hpack.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The published stories of hpack-test-case: four encoders' blocks, and header lists for our own encoder.</summary>
public sealed class StoryTests
{
    [VectorTheory("hpack-test-case")]
    [VectorFiles("hpack-test-case/nghttp2")]
    [VectorFiles("hpack-test-case/nghttp2-change-table-size")]
    [VectorFiles("hpack-test-case/python-hpack")]
    [VectorFiles("hpack-test-case/haskell-http2-linear-huffman")]
    public void A_story_decodes_to_its_headers_on_both_faces(string file)
    {
        var state = DecoderState.Create();
        var spanState = state;
        var arena = new FieldArena();
        foreach (var block in Story.Read(file).Cases)
        {
            if (block.HeaderTableSize is { } size)
            {
                state = state.WithMaxTableSize(size);
                spanState = spanState.WithMaxTableSize(size);
            }
            var decoded = Codec.Decode(state, block.Wire);
            var expected = Fields(block);
            Assert.Equal(expected, decoded.Fields);

            var error = HpackDecoder.Decode(spanState, block.Wire, long.MaxValue, arena, out var list, out spanState);
            Assert.True(error.IsNone, error.ToString());
            Assert.Equal(expected, list.ToFields());
            Assert.Equal(expected.Sum(field => (long)field.Size), list.Size);
            Assert.Equal(decoded.State, spanState);
            state = decoded.State;
        }
    }

    [VectorTheory("hpack-test-case/raw-data")]
    [VectorFiles("hpack-test-case/raw-data")]
    public void Our_encoding_of_a_story_decodes_to_it_and_both_tables_agree(string file)
    {
        var encoder = EncoderState.Create();
        var decoder = DecoderState.Create();
        foreach (var block in Story.Read(file).Cases)
        {
            var fields = Fields(block);
            var encoded = HpackEncoder.Encode(encoder, fields);
            var decoded = Codec.Decode(decoder, encoded.Block);
            Assert.Equal(fields, decoded.Fields.Select(field => new HeaderField(field.Name, field.Value)));
            Assert.Equal(encoded.State.Table, decoded.State.Table);
            (encoder, decoder) = (encoded.State, decoded.State);
        }
    }

    private static HeaderField[] Fields(StoryCase block) =>
        [.. block.Headers.Select(header => new HeaderField(header.Key, header.Value))];
}
